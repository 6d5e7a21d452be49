/**
 * Shows the fields of a matched line to a visitor, straight from captures: a text as a range of the line's own bytes. For programs that keep the line and so
 * need no copy of its parts.
 */
import { asBuffer, decodeText } from '../bytes.ts';
import type { JsonValue } from '../json-dialect/value.ts';
import { ENTRY } from '../match/captures.ts';
import { isIndex, TYPE } from '../match/fields.ts';
import type { Field } from '../match/fields.ts';
import { INNER, INTEGER, Pairs, TEXT, UNQUOTED } from '../parsers/motif.ts';
import { eventTree } from './event.ts';
import { NameComparer } from './names.ts';
import type { EventPlan, Outcome } from './plan.ts';
import type { Captured } from './tree.ts';
import { memberValue } from './tree.ts';

/**
 * Receives the fields of one event, those of `rulebase.normalize` in its order, each name once. Names are ordinary text; they are the same string object for each
 * event where the rulebase tells them.
 */
export interface EventVisitor {
  /** A text: these bytes of the line, which need not be valid UTF-8. */
  text(name: string, from: number, to: number): void;
  /** A whole number of up to 15 digits. */
  integer(name: string, value: number): void;
  /** What the rule says, whatever the line: its tags, annotations. The same objects for each event of the rule. */
  constant(name: string, value: string | readonly string[]): void;
  /** Any other value; its strings and keys are byte strings (see `decodeText`). */
  value(name: string, value: JsonValue): void;
  /** Forget what was shown of this event: it comes again from the beginning. */
  restart(): void;
}

export class EventWalk {
  private readonly plan: EventPlan;
  private readonly pairs = new Pairs();
  private readonly comparer = new NameComparer();
  private outcome!: Outcome;
  private visitor!: EventVisitor;

  constructor(plan: EventPlan) {
    this.plan = plan;
  }

  /** Shows the event of a match. False when the outcome is none. */
  run(outcome: Outcome, visitor: EventVisitor): boolean {
    const end = this.plan.ends.get(outcome.terminal);
    if (end === undefined) return false;
    this.outcome = outcome;
    this.visitor = visitor;
    if (outcome.sticky !== undefined || end.slow) this.tree();
    else if (this.fields(0, outcome.state.count)) {
      for (let i = 0; i < end.members.length; i += 1) visitor.constant(end.members[i]![0], end.members[i]![1]);
      if (this.plan.addOriginalMsg) visitor.text('originalmsg', outcome.from, outcome.end);
    } else {
      visitor.restart();
      this.tree();
    }
    return true;
  }

  /** The general way: members that may overwrite each other, names that objects list in another order. */
  private tree(): void {
    const event = Object.create(null) as Record<string, JsonValue>;
    for (const [name, value] of eventTree(this.plan, this.outcome)) event[decodeText(name)] = value;
    for (const name in event) this.visitor.value(name, event[name]!);
  }

  /** Shows the fields of the entries `low`..`high`, last entry first. False when one cannot be shown directly. */
  private fields(low: number, high: number): boolean {
    const { plan, visitor } = this;
    const { captures } = this.outcome.state;
    let at = high;
    while (at > low) {
      at -= ENTRY;
      const field = plan.fields[captures[at]!]!;
      if (field.slow || field.isIndex) return false;
      const from = captures[at + 1]!;
      const to = captures[at + 2]!;
      if (field.kind === TEXT) visitor.text(field.plainName, from, to);
      else if (field.kind < TYPE) {
        if (!this.parsed(field, at, from, to)) return false;
      } else {
        if (field.merges) {
          if (!this.fields(from, at)) return false;
        } else visitor.value(field.plainName, memberValue(this.captured(), field, at));
        at = from;
      }
    }
    return true;
  }

  /** A parser's field that is not just its text. */
  private parsed(field: Field, at: number, from: number, to: number): boolean {
    const { visitor } = this;
    const { line } = this.outcome;
    const { kind } = field;
    if (field.mergesPairs) return this.mergedPairs(field, from, to);
    if (kind === INNER || (kind === UNQUOTED && line[from] === 34)) visitor.text(field.plainName, from + 1, to - 1);
    else if (kind === UNQUOTED) visitor.text(field.plainName, from, to);
    else if (kind === INTEGER && to - from <= 15) visitor.integer(field.plainName, integerOf(line, from, to));
    else visitor.value(field.plainName, memberValue(this.captured(), field, at));
    return true;
  }

  /** False when one of the pairs may overwrite another member, or be listed before others. */
  private mergedPairs(field: Field, from: number, to: number): boolean {
    const { outcome, pairs, visitor } = this;
    const { line } = outcome;
    pairs.length = 0;
    field.parser!.pairs!(line, from, to, outcome.end, pairs);
    if (!this.comparer.areDistinct(line, pairs) || this.plan.names.mayContainAny(line, pairs)) return false;
    const { offsets, length } = pairs;
    const text = asBuffer(line);
    for (let i = 0; i < length; i += 4) {
      const name = text.toString('utf8', offsets[i]!, offsets[i + 1]!);
      // What is no UTF-8 may become the same name as another.
      if (isIndex(name) || name.includes('\ufffd')) return false;
      const value = offsets[i + 2]!;
      if (value < 0) visitor.value(name, null);
      else visitor.text(name, value, offsets[i + 3]!);
    }
    return true;
  }

  private captured(): Captured {
    const { line, end, state } = this.outcome;
    return { fields: this.plan.fields, captures: state.captures, line, end };
  }
}

function integerOf(line: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) value = value * 10 + line[i]! - 48;
  return value;
}
