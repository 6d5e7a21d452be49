import type { EventVisitor, JsonValue, Rulebase } from '@meniscus/lognorm';
import { engine } from './engine.ts';
import type { BatchBuilder, RowNormalizer } from '../../event/batch-builder.ts';
import { NumberText } from '../../event/leaf.ts';
import { TooDeep } from '../../event/shape-trie.ts';
import { limits } from '../../limits.ts';
import type { Loaded } from './rulebase-cache.ts';
import type { ProducerCounts } from './unparsed.ts';

/** What a row's fields may not exceed. */
class TooLarge extends Error {}

/** Stops rulebases of tenants whose lines meet the work limit again and again; one per tenant and thread. */
export class WorkGuard {
  private second = -1;
  private lines = 0;

  /** Whether lines may be tried that were received now, in microseconds. */
  allows(received: number): boolean {
    return this.lines < limits.normalizeLimitedLines || Math.floor(received / 1e6) !== this.second;
  }

  /** A line met the limit. */
  limited(received: number): void {
    const second = Math.floor(received / 1e6);
    if (second !== this.second) this.lines = 0;
    this.second = second;
    this.lines++;
  }
}

/** Sums of a thread. */
export interface Totals {
  matched: number;
  unparsed: number;
  limited: number;
  skipped: number;
}

export interface NormalizerParts {
  readonly pattern: string;
  /** The rulebase, loaded when first asked for; undefined while it cannot be. */
  readonly loaded: () => Loaded | undefined;
  readonly guard: WorkGuard;
  readonly counts: ProducerCounts;
  readonly totals: Totals;
}

/** Runs the rulebase of one producer over the msg of rows; texts it finds become parts of the batch's heap without being copied. */
export class ProducerNormalizer implements RowNormalizer, EventVisitor {
  private readonly parts: NormalizerParts;
  private held: Loaded | undefined;
  private row!: BatchBuilder;
  private heap!: Buffer;
  private msgTo = 0;
  /** Characters of tags and annotations of the row. */
  private constantBytes = 0;
  private open = false;

  constructor(parts: NormalizerParts) {
    this.parts = parts;
  }

  /** To be called now and then: the rulebase counts as used, and what is not kept any more is not held here. */
  renew(): this {
    this.held = undefined;
    return this;
  }

  normalize(row: BatchBuilder): void {
    const rulebase = this.held?.rulebase ?? this.load();
    if (rulebase === undefined || !this.parts.guard.allows(row.received) || !row.msgInHeap(limits.normalizeMsgBytes)) return this.skip();
    this.row = row;
    this.heap = row.heapBytes;
    this.msgTo = row.msgTo;
    this.run(rulebase, row.msgFrom);
  }

  text(name: string, from: number, to: number): void {
    if (!this.open) this.begin();
    const { heap, row } = this;
    // A field may end within a character, and so its neighbour begin there.
    if ((heap[from]! & 0xc0) === 0x80 || (to < this.msgTo && (heap[to]! & 0xc0) === 0x80)) row.member(name, heap.utf8Slice(from, to));
    else row.heapMember(name, from, to);
  }

  integer(name: string, value: number): void {
    if (!this.open) this.begin();
    this.row.numberMember(name, value);
  }

  constant(name: string, value: string | readonly string[]): void {
    if (!this.open) this.begin();
    this.row.constantMember(name, value);
    this.heap = this.row.heapBytes;
    this.constantBytes += typeof value === 'string' ? value.length : lengthOf(value);
    if (this.constantBytes > limits.normalizedBytes) throw new TooLarge();
  }

  value(name: string, value: JsonValue): void {
    if (!this.open) this.begin();
    this.row.member(name, plainOf(value));
    if (this.row.normalizedBytes > limits.normalizedBytes) this.checkSize();
  }

  restart(): void {
    if (this.open) this.row.dropNormalized();
    this.constantBytes = 0;
    this.open = false;
  }

  private load(): Rulebase | undefined {
    this.held = this.parts.loaded();
    return this.held?.rulebase;
  }

  private run(rulebase: Rulebase, from: number): void {
    const { row, msgTo: to } = this;
    const limitedBefore = rulebase.limitedLines;
    this.open = false;
    this.constantBytes = 0;
    try {
      if (rulebase.visit(this.heap, from, to, this)) {
        if (!this.open) this.begin();
        row.closeNormalized();
        this.parts.counts.matched++;
        this.parts.totals.matched++;
        return;
      }
    } catch (error) {
      if (!(error instanceof TooDeep || error instanceof TooLarge)) throw error;
      row.dropNormalized();
      this.limited();
    }
    if (rulebase.limitedLines > limitedBefore) this.limited();
    this.unparsed(from, to);
  }

  private begin(): void {
    this.open = true;
    this.row.openNormalized(this.parts.pattern);
  }

  /** A field costs nine bytes, so a line of many fields may have some times its own bytes. */
  private checkSize(): void {
    if (this.row.normalizedBytes > limits.normalizedBytes + 8 * (this.msgTo - this.row.msgFrom)) throw new TooLarge();
  }

  private skip(): void {
    this.parts.counts.skipped++;
    this.parts.totals.skipped++;
  }

  private limited(): void {
    this.parts.guard.limited(this.row.received);
    this.parts.counts.limited++;
    this.parts.totals.limited++;
  }

  private unparsed(from: number, to: number): void {
    const { counts, totals } = this.parts;
    counts.unparsed++;
    totals.unparsed++;
    counts.sample(this.heap, from, to, this.row.received);
  }
}

function lengthOf(texts: readonly string[]): number {
  let length = 0;
  for (const text of texts) length += text.length;
  return length;
}

/** A value of the engine as the event holds it. Objects without a prototype: any name is a plain key. */
function plainOf(value: JsonValue): unknown {
  if (typeof value === 'string') return engine().decodeText(value);
  if (value instanceof engine().JsonNumber) return numberOf(value.text);
  if (Array.isArray(value)) return value.map(plainOf);
  if (!(value instanceof Map)) return value;
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of value) object[engine().decodeText(key)] = plainOf(member);
  return object;
}

/** Integers beyond 2^53 and what no double holds keep their text. */
function numberOf(text: string): number | NumberText {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  if (Number.isNaN(value)) return new NumberText(text);
  return Number.isInteger(value) || !Number.isFinite(value) ? new NumberText(text) : value;
}
