/**
 * Writes the JSON text of an event straight from captures to bytes, in the line format of `json-dialect/write.ts`. Events whose members may
 * overwrite each other, and values that parsers compute, go through the value tree.
 */
import { ENTRY } from '../match/captures.ts';
import type { Field } from '../match/fields.ts';
import { REPEAT, TYPE } from '../match/fields.ts';
import { toBytes } from '../bytes.ts';
import { writeJson, writeObject } from '../json-dialect/write.ts';
import { INNER, INTEGER, Pairs, TEXT, UNQUOTED } from '../parsers/motif.ts';
import { escapeInto, WORST } from './escape.ts';
import { eventTree } from './event.ts';
import { NameComparer } from './names.ts';
import { TAGS_KEY } from './plan.ts';
import type { EventPlan, Outcome } from './plan.ts';
import type { ByteSink } from './sink.ts';
import { leafValue } from './tree.ts';

const ORIGINAL = toBytes('"originalmsg": "');
const UNPARSED = toBytes('", "unparsed-data": "');
const NULL = toBytes('null');
/** Room for punctuation around a member. */
const SLACK = 32;

export interface JsonOptions {
  /** Keep `event.tags`. */
  tags: boolean;
  /** Members to append to an event that did not match, as `, "name": value`. */
  unparsedSuffix?: Uint8Array;
}

/** Appends the JSON text of an event, without a line end. */
export class JsonWriter {
  private readonly plan: EventPlan;
  private sink!: ByteSink;
  private outcome!: Outcome;
  private readonly pairBuffer = new Pairs();
  private readonly comparer = new NameComparer();

  constructor(plan: EventPlan) {
    this.plan = plan;
  }

  write(sink: ByteSink, outcome: Outcome, options: JsonOptions): void {
    this.sink = sink;
    this.outcome = outcome;
    const start = sink.length;
    const end = this.plan.ends.get(outcome.terminal);
    if (outcome.sticky === undefined) {
      if (end === undefined) return this.unmatched(options.unparsedSuffix);
      if (!end.slow && this.matched(options.tags ? end.tagged : end.bare)) return;
      sink.length = start;
    }
    this.slow(options);
  }

  private slow(options: JsonOptions): void {
    const event = eventTree(this.plan, this.outcome);
    if (!options.tags) event.delete(TAGS_KEY);
    this.sink.appendText(writeObject(event));
    if (this.outcome.terminal >= 0 || options.unparsedSuffix === undefined) return;
    this.sink.length -= 2;
    this.sink.append(options.unparsedSuffix);
    this.sink.appendText(' }');
  }

  private unmatched(suffix: Uint8Array | undefined): void {
    const { sink, outcome } = this;
    const { line, from, end, state } = outcome;
    sink.reserve((end - from) * 2 * WORST + 2 * SLACK + 16);
    const { bytes } = sink;
    let at = openObject(bytes, sink.length);
    at = copyInto(bytes, at, ORIGINAL);
    at = escapeInto(bytes, at, line, from, end);
    at = copyInto(bytes, at, UNPARSED);
    at = escapeInto(bytes, at, line, state.far, end);
    bytes[at] = 34;
    sink.length = at + 1;
    if (suffix !== undefined) sink.append(suffix);
    sink.reserve(2);
    sink.length = closeObject(sink.bytes, sink.length);
  }

  /** False when a field cannot be written piece by piece. */
  private matched(members: Uint8Array): boolean {
    const { sink, outcome, plan } = this;
    const { captures, count } = outcome.state;
    sink.reserve(SLACK);
    sink.length = openObject(sink.bytes, sink.length);
    if (!this.fields(captures, 0, count)) return false;
    if (members.length > 0) this.members(members);
    if (plan.addOriginalMsg) this.original();
    sink.reserve(2);
    sink.length = closeObject(sink.bytes, sink.length);
    return true;
  }

  private members(members: Uint8Array): void {
    const { sink } = this;
    sink.reserve(members.length + SLACK);
    sink.length = copyInto(sink.bytes, separate(sink.bytes, sink.length), members);
  }

  private original(): void {
    const { sink, outcome } = this;
    sink.reserve((outcome.end - outcome.from) * WORST + 2 * SLACK);
    let at = copyInto(sink.bytes, separate(sink.bytes, sink.length), ORIGINAL);
    at = escapeInto(sink.bytes, at, outcome.line, outcome.from, outcome.end);
    sink.bytes[at] = 34;
    sink.length = at + 1;
  }

  /** Writes the members of the entries `low`..`high`, last entry first. */
  private fields(captures: Int32Array, low: number, high: number): boolean {
    const { sink, plan } = this;
    let at = high;
    while (at > low) {
      at -= ENTRY;
      const field = plan.fields[captures[at]!]!;
      if (field.slow) return false;
      const start = captures[at + 1]!;
      if (field.merges) {
        if (!this.fields(captures, start, at)) return false;
        at = start;
        continue;
      }
      if (field.mergesPairs) {
        if (!this.pairs(field, start, captures[at + 2]!)) return false;
        continue;
      }
      const key = field.keyBytes;
      sink.reserve(key.length + SLACK);
      sink.length = copyInto(sink.bytes, separate(sink.bytes, sink.length), key);
      if (!this.value(field, captures, at)) return false;
      if (field.kind >= TYPE) at = start;
    }
    return true;
  }

  private value(field: Field, captures: Int32Array, at: number): boolean {
    const from = captures[at + 1]!;
    const to = captures[at + 2]!;
    const { line } = this.outcome;
    if (field.kind === TEXT) this.text(line, from, to);
    else if (field.kind === TYPE) return this.object(captures, from, at);
    else if (field.kind === REPEAT) return this.array(captures, from, at);
    else if (field.kind === INNER || (field.kind === UNQUOTED && line[from] === 34)) this.text(line, from + 1, to - 1);
    else if (field.kind === UNQUOTED) this.text(line, from, to);
    else if (field.kind === INTEGER && to - from <= 15) this.integer(line, from, to);
    else return this.computed(field, from, to);
    return true;
  }

  private text(line: Uint8Array, from: number, to: number): void {
    const { sink } = this;
    sink.reserve((to - from) * WORST + 2);
    const { bytes } = sink;
    bytes[sink.length] = 34;
    const at = escapeInto(bytes, sink.length + 1, line, from, to);
    bytes[at] = 34;
    sink.length = at + 1;
  }

  /** Digits without their leading zeros. */
  private integer(line: Uint8Array, from: number, to: number): void {
    let start = from;
    while (start < to - 1 && line[start] === 48) start += 1;
    const { sink } = this;
    sink.reserve(to - start);
    sink.length = escapeInto(sink.bytes, sink.length, line, start, to);
  }

  /** Writes the pairs of a parser as members. False when one of them may overwrite another member. */
  private pairs(field: Field, from: number, to: number): boolean {
    const { outcome, plan } = this;
    const { line } = outcome;
    const pairs = this.pairBuffer;
    pairs.length = 0;
    field.parser!.pairs!(line, from, to, outcome.end, pairs);
    if (!this.comparer.areDistinct(line, pairs) || plan.names.mayContainAny(line, pairs)) return false;
    this.pairMembers(pairs);
    return true;
  }

  private pairMembers(pairs: Pairs): void {
    const { sink } = this;
    const { line } = this.outcome;
    const { offsets, length } = pairs;
    for (let i = 0; i < length; i += 4) {
      const name = offsets[i]!;
      const nameEnd = offsets[i + 1]!;
      const value = offsets[i + 2]!;
      const valueEnd = offsets[i + 3]!;
      sink.reserve((nameEnd - name + valueEnd - value) * WORST + SLACK);
      const { bytes } = sink;
      let at = separate(bytes, sink.length);
      bytes[at] = 34;
      at = escapeInto(bytes, at + 1, line, name, nameEnd);
      bytes[at] = 34;
      bytes[at + 1] = 58;
      bytes[at + 2] = 32;
      at += 3;
      if (value < 0) {
        sink.length = copyInto(bytes, at, NULL);
      } else {
        bytes[at] = 34;
        at = escapeInto(bytes, at + 1, line, value, valueEnd);
        bytes[at] = 34;
        sink.length = at + 1;
      }
    }
  }

  /** The pairs of a parser as an object of their own. False when names repeat, or the object may have to be unwrapped. */
  private pairObject(field: Field, from: number, to: number): boolean {
    const { outcome, sink } = this;
    const pairs = this.pairBuffer;
    pairs.length = 0;
    field.parser!.pairs!(outcome.line, from, to, outcome.end, pairs);
    if (pairs.length <= 4 || !this.comparer.areDistinct(outcome.line, pairs)) return false;
    sink.reserve(2);
    sink.length = openObject(sink.bytes, sink.length);
    this.pairMembers(pairs);
    sink.reserve(2);
    sink.length = closeObject(sink.bytes, sink.length);
    return true;
  }

  private computed(field: Field, from: number, to: number): boolean {
    const { outcome, plan } = this;
    if (field.parser?.pairs !== undefined && this.pairObject(field, from, to)) return true;
    const value = leafValue(
      field,
      { fields: plan.fields, captures: outcome.state.captures, line: outcome.line, end: outcome.end },
      from,
      to,
    );
    if (value instanceof Map && value.size === 1 && value.has('..')) return false;
    this.sink.appendText(writeJson(value));
    return true;
  }

  private object(captures: Int32Array, low: number, high: number): boolean {
    const { sink, plan } = this;
    if (high > low) {
      const last = high - ENTRY;
      const field = plan.fields[captures[last]!]!;
      const alone = field.kind >= TYPE ? captures[last + 1] === low : last === low;
      if (field.unwraps && alone) return this.value(field, captures, last);
    }
    sink.reserve(2);
    sink.length = openObject(sink.bytes, sink.length);
    if (!this.fields(captures, low, high)) return false;
    sink.reserve(2);
    sink.length = closeObject(sink.bytes, sink.length);
    return true;
  }

  private array(captures: Int32Array, low: number, high: number): boolean {
    const { sink } = this;
    if (low === high) {
      sink.append(NULL);
      return true;
    }
    const starts: number[] = [];
    for (let at = high; at > low; at = captures[at - ENTRY + 1]!) starts.push(at);
    sink.reserve(2);
    sink.length = open(sink.bytes, sink.length, 91);
    for (let i = starts.length - 1; i >= 0; i -= 1) {
      const element = starts[i]! - ENTRY;
      if (i < starts.length - 1) {
        sink.reserve(2);
        sink.length = comma(sink.bytes, sink.length);
      }
      if (!this.element(captures, captures[element + 1]!, element)) return false;
    }
    sink.reserve(2);
    sink.length = close(sink.bytes, sink.length, 93);
    return true;
  }

  private element(captures: Int32Array, low: number, high: number): boolean {
    const { sink, plan } = this;
    if (high > low && plan.fields[captures[high - ENTRY]!]!.name === '.') {
      return this.value(plan.fields[captures[high - ENTRY]!]!, captures, high - ENTRY);
    }
    sink.reserve(2);
    sink.length = openObject(sink.bytes, sink.length);
    if (!this.fields(captures, low, high)) return false;
    sink.reserve(2);
    sink.length = closeObject(sink.bytes, sink.length);
    return true;
  }
}

function open(out: Uint8Array, at: number, bracket: number): number {
  out[at] = bracket;
  out[at + 1] = 32;
  return at + 2;
}

function close(out: Uint8Array, at: number, bracket: number): number {
  // An empty object or array is `{ }`: the space after the opening bracket is the one before the closing one.
  if (out[at - 1] === 32 && (out[at - 2] === 123 || out[at - 2] === 91)) {
    out[at] = bracket;
    return at + 1;
  }
  out[at] = 32;
  out[at + 1] = bracket;
  return at + 2;
}

function openObject(out: Uint8Array, at: number): number {
  return open(out, at, 123);
}

function closeObject(out: Uint8Array, at: number): number {
  return close(out, at, 125);
}

function comma(out: Uint8Array, at: number): number {
  out[at] = 44;
  out[at + 1] = 32;
  return at + 2;
}

/** A comma unless the object has just been opened; no member ends in `{ `. */
function separate(out: Uint8Array, at: number): number {
  return out[at - 1] === 32 && out[at - 2] === 123 ? at : comma(out, at);
}

function copyInto(out: Uint8Array, at: number, bytes: Uint8Array): number {
  const { length } = bytes;
  for (let i = 0; i < length; i += 1) out[at + i] = bytes[i]!;
  return at + length;
}
