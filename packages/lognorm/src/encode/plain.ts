/** The event of a line as a plain JavaScript object. */
import { asBuffer } from '../bytes.ts';
import type { PlainObject, PlainValue } from '../json-dialect/value.ts';
import { setPlain, toPlain, toPlainObject } from '../json-dialect/value.ts';
import { ENTRY } from '../match/captures.ts';
import type { Field } from '../match/fields.ts';
import { TYPE } from '../match/fields.ts';
import { decodeText } from '../bytes.ts';
import { INNER, INTEGER, TEXT, UNQUOTED } from '../parsers/motif.ts';
import { eventTree } from './event.ts';
import { ORIGINAL_KEY, TAGS_KEY, UNPARSED_KEY } from './plan.ts';
import type { EventPlan, Outcome } from './plan.ts';
import { leafValue } from './tree.ts';

export function plainEvent(plan: EventPlan, outcome: Outcome): PlainObject {
  if (outcome.sticky === undefined) {
    const end = plan.ends.get(outcome.terminal);
    if (end === undefined) return unmatched(outcome);
    if (!end.slow) {
      const event = direct(plan, outcome);
      if (event !== undefined) {
        if (end.terminal.tags.length > 0) event[TAGS_KEY] = end.terminal.tags.map(decodeText);
        for (const [name, value] of end.assignments) setPlain(event, decodeText(name), decodeText(value));
        if (plan.addOriginalMsg) event[ORIGINAL_KEY] = asBuffer(outcome.line).utf8Slice(outcome.from, outcome.end);
        return event;
      }
    }
  }
  return toPlainObject(eventTree(plan, outcome));
}

function unmatched(outcome: Outcome): PlainObject {
  const line = asBuffer(outcome.line);
  return {
    [ORIGINAL_KEY]: line.utf8Slice(outcome.from, outcome.end),
    [UNPARSED_KEY]: line.utf8Slice(outcome.state.far, outcome.end),
  };
}

/** The fields of an event that has nothing but parsers' fields with different names; undefined otherwise. */
function direct(plan: EventPlan, outcome: Outcome): PlainObject | undefined {
  const { captures, count } = outcome.state;
  const event: PlainObject = {};
  for (let at = count - ENTRY; at >= 0; at -= ENTRY) {
    const field = plan.fields[captures[at]!]!;
    if (field.slow || field.kind >= TYPE) return undefined;
    const value = plainValue(plan, field, outcome, captures[at + 1]!, captures[at + 2]!);
    if (value === undefined) return undefined;
    setPlain(event, field.plainName, value);
  }
  return event;
}

function plainValue(plan: EventPlan, field: Field, outcome: Outcome, from: number, to: number): PlainValue | undefined {
  const line = asBuffer(outcome.line);
  if (field.kind === TEXT) return line.utf8Slice(from, to);
  if (field.kind === INNER || (field.kind === UNQUOTED && line[from] === 34)) return line.utf8Slice(from + 1, to - 1);
  if (field.kind === UNQUOTED) return line.utf8Slice(from, to);
  if (field.kind === INTEGER && to - from <= 15) return Number(line.latin1Slice(from, to));
  const captured = { fields: plan.fields, captures: outcome.state.captures, line, end: outcome.end };
  const value = leafValue(field, captured, from, to);
  if (value instanceof Map && value.size === 1) return undefined;
  return toPlain(value);
}
