/** The event of a line as a plain JavaScript object. */
import { asBuffer } from '../bytes.ts';
import type { PlainObject, PlainValue } from '../json-dialect/value.ts';
import { setPlain, toPlain, toPlainObject } from '../json-dialect/value.ts';
import { ENTRY } from '../match/captures.ts';
import type { Field } from '../match/fields.ts';
import { REPEAT, TYPE } from '../match/fields.ts';
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
        if (plan.addOriginalMsg) event[ORIGINAL_KEY] = asBuffer(outcome.line).toString('utf8', outcome.from, outcome.end);
        return event;
      }
    }
  }
  return toPlainObject(eventTree(plan, outcome));
}

function unmatched(outcome: Outcome): PlainObject {
  const line = asBuffer(outcome.line);
  return {
    [ORIGINAL_KEY]: line.toString('utf8', outcome.from, outcome.end),
    [UNPARSED_KEY]: line.toString('utf8', outcome.state.far, outcome.end),
  };
}

/** The event built directly; undefined when fields may overwrite each other. */
function direct(plan: EventPlan, outcome: Outcome): PlainObject | undefined {
  const event: PlainObject = {};
  return new PlainBuilder(plan, outcome).fields(event, 0, outcome.state.count) ? event : undefined;
}

/** Stands for a value that cannot be built directly. */
const SLOW = Symbol('slow');

class PlainBuilder {
  private readonly table: readonly Field[];
  private readonly captures: Int32Array;
  private readonly line: Buffer;
  private readonly end: number;

  constructor(plan: EventPlan, outcome: Outcome) {
    this.table = plan.fields;
    this.captures = outcome.state.captures;
    this.line = asBuffer(outcome.line);
    this.end = outcome.end;
  }

  /** Sets the fields of the entries `low`..`high`, last entry first. False when one cannot be built directly. */
  fields(object: PlainObject, low: number, high: number): boolean {
    let at = high;
    while (at > low) {
      at -= ENTRY;
      const field = this.table[this.captures[at]!]!;
      if (field.slow) return false;
      const start = this.captures[at + 1]!;
      if (field.merges) {
        if (!this.fields(object, start, at)) return false;
      } else if (field.mergesPairs) {
        const pairs = field.parser!.value!(this.line, start, this.captures[at + 2]!, this.end);
        if (!(pairs instanceof Map)) return false;
        for (const [key, value] of pairs) setPlain(object, decodeText(key), toPlain(value));
      } else {
        const value = this.value(field, at);
        if (value === SLOW) return false;
        setPlain(object, field.plainName, value);
      }
      if (field.kind >= TYPE) at = start;
    }
    return true;
  }

  private value(field: Field, at: number): PlainValue | typeof SLOW {
    const from = this.captures[at + 1]!;
    if (field.kind === TYPE) return this.object(from, at);
    if (field.kind === REPEAT) return this.array(from, at);
    return this.leaf(field, from, this.captures[at + 2]!);
  }

  private leaf(field: Field, from: number, to: number): PlainValue | typeof SLOW {
    const { line } = this;
    if (field.kind === TEXT) return line.toString('utf8', from, to);
    if (field.kind === INNER || (field.kind === UNQUOTED && line[from] === 34)) return line.toString('utf8', from + 1, to - 1);
    if (field.kind === UNQUOTED) return line.toString('utf8', from, to);
    if (field.kind === INTEGER && to - from <= 15) return Number(line.toString('latin1', from, to));
    const value = leafValue(field, { fields: this.table, captures: this.captures, line, end: this.end }, from, to);
    return value instanceof Map && value.size === 1 && value.has('..') ? SLOW : toPlain(value);
  }

  private object(low: number, high: number): PlainObject | typeof SLOW {
    const last = this.table[this.captures[high - ENTRY]!];
    if (high > low && last!.unwraps) return SLOW;
    const object: PlainObject = {};
    return this.fields(object, low, high) ? object : SLOW;
  }

  private array(low: number, high: number): PlainValue | typeof SLOW {
    if (low === high) return null;
    const elements: PlainValue[] = [];
    for (let at = high; at > low; at = this.captures[at - ENTRY + 1]!) {
      const element = this.element(this.captures[at - ENTRY + 1]!, at - ENTRY);
      if (element === SLOW) return SLOW;
      elements.push(element);
    }
    return elements.reverse();
  }

  private element(low: number, high: number): PlainValue | typeof SLOW {
    const last = this.table[this.captures[high - ENTRY]!];
    if (high > low && last!.name === '.') return this.value(last!, high - ENTRY);
    const object: PlainObject = {};
    return this.fields(object, low, high) ? object : SLOW;
  }
}
