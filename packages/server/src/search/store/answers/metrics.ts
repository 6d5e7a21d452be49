import { readNumber } from '@meniscus/query';
import { LEAF } from '../../../event/leaf.ts';
import type { Block, Column } from '../../../store/block.ts';
import type { Metric } from '../../search.ts';
import { stringAt } from '../evaluate/column-test.ts';
import type { FieldSource } from '../fields/field-source.ts';
import { hash53 } from '../sketch/hash.ts';
import { Quantiles } from '../sketch/quantiles.ts';
import { Uniques } from '../sketch/uniques.ts';

/** How an answer names a metric: `count`, `sum(bytes)`. */
export function metricName({ name, field }: Metric): string {
  return field === undefined ? name : `${name}(${field})`;
}

/** Sum, count and bounds of numbers. The sum is compensated (Neumaier), so that a million small ones do not get lost beside a large one. */
class Numbers {
  count = 0;
  min = Infinity;
  max = -Infinity;
  private sum = 0;
  private lost = 0;

  add(value: number): void {
    this.count++;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.accumulate(value);
  }

  private accumulate(value: number): void {
    const next = this.sum + value;
    this.lost += Math.abs(this.sum) >= Math.abs(value) ? this.sum - next + value : value - next + this.sum;
    this.sum = next;
  }

  merge(other: Numbers): void {
    this.count += other.count;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.accumulate(other.total);
  }

  get total(): number {
    return Number.isFinite(this.sum) ? this.sum + this.lost : this.sum;
  }
}

/** All metrics of one field, or of none, for one group of events (in one bucket). */
export class Accumulator {
  readonly numbers: Numbers | undefined;
  readonly quantiles: Quantiles | undefined;
  readonly uniques: Uniques | undefined;

  constructor(names: ReadonlySet<Metric['name']>) {
    const has = (...wanted: Metric['name'][]): boolean => wanted.some((name) => names.has(name));
    this.numbers = has('sum', 'avg', 'min', 'max') ? new Numbers() : undefined;
    this.quantiles = has('p50', 'p95', 'p99') ? new Quantiles() : undefined;
    this.uniques = has('unique') ? new Uniques() : undefined;
  }

  get bytes(): number {
    return 200 + (this.quantiles?.bytes ?? 0) + (this.uniques?.bytes ?? 0);
  }

  number(value: number): void {
    this.numbers?.add(value);
    this.quantiles?.add(value);
  }

  /** Takes in what another of at least the same metrics has. */
  merge(other: Accumulator): void {
    if (other.numbers !== undefined) this.numbers?.merge(other.numbers);
    if (other.quantiles !== undefined) this.quantiles?.merge(other.quantiles);
    if (other.uniques !== undefined) this.uniques?.merge(other.uniques);
  }

  /** As JSON: null where there is no number. Events are counted by their group, not here. */
  value(name: Exclude<Metric['name'], 'count'>): string {
    const { numbers, quantiles, uniques } = this;
    if (name === 'unique') return String(uniques!.count());
    if (name === 'p50' || name === 'p95' || name === 'p99') return json(quantiles!.quantile(Number(name.slice(1)) / 100));
    if (numbers!.count === 0) return 'null';
    return json({ sum: numbers!.total, avg: numbers!.total / numbers!.count, min: numbers!.min, max: numbers!.max }[name]);
  }
}

/** JSON has no infinities. */
function json(value: number | null): string {
  return value === null || !Number.isFinite(value) ? 'null' : String(value);
}

/**
 * Feeds the values of a field to accumulators: `into(row)` says which, undefined for rows that do not count. Numbers, and strings that read as
 * numbers, count for numeric metrics; the text of every value for `unique`.
 */
export function feed(source: FieldSource, block: Block, unique: boolean, into: (row: number) => Accumulator | undefined): void {
  for (const column of source.columns(block)) {
    const reader = new EntryReader(column, source.nil, unique);
    for (let row = 0; row < block.rows; row++) {
      const accumulator = into(row);
      if (accumulator === undefined) continue;
      const from = column.rowStarts === null ? row : column.rowStarts[row]!;
      const to = column.rowStarts === null ? row + 1 : column.rowStarts[row + 1]!;
      for (let entry = from; entry < to; entry++) reader.feed(entry, accumulator);
    }
  }
}

/** Entries of a column as numbers and hashes; those of dictionaries are made once a value. */
class EntryReader {
  private readonly column: Column;
  private readonly nil: string;
  private readonly unique: boolean;
  private readonly hashes = new Map<string | number, number>();
  private readonly numbers = new Map<number, number>();

  constructor(column: Column, nil: string, unique: boolean) {
    this.column = column;
    this.nil = nil;
    this.unique = unique;
  }

  feed(entry: number, into: Accumulator): void {
    const { column } = this;
    const tag = column.tags === null ? column.tag : column.tags[entry]!;
    if (tag === LEAF.null) return;
    if (tag === LEAF.number || tag === LEAF.numberText) {
      into.number(column.numbers![entry]!);
      if (this.unique) into.uniques?.add(tag === LEAF.number ? this.numberHash(column.numbers![entry]!) : hash53(stringAt(column, entry)));
    } else if (tag === LEAF.string) this.feedString(entry, into);
    else into.uniques?.add(hash53(tag === LEAF.true ? 'true' : 'false'));
  }

  private numberHash(value: number): number {
    let hash = this.hashes.get(value);
    if (hash === undefined) this.hashes.set(value, (hash = hash53(String(value))));
    return hash;
  }

  private feedString(entry: number, into: Accumulator): void {
    const strings = this.column.strings!;
    if (strings.kind === 'text') {
      const text = strings.value(entry);
      if (text === '' || text === this.nil) return;
      const number = readNumber(text);
      if (!Number.isNaN(number)) into.number(number);
      if (this.unique) into.uniques?.add(hash53(text));
      return;
    }
    const index = strings.index[entry]!;
    const text = strings.values[index]!;
    if (text === '' || text === this.nil) return;
    let number = this.numbers.get(index);
    if (number === undefined) this.numbers.set(index, (number = readNumber(text)));
    if (!Number.isNaN(number)) into.number(number);
    if (!this.unique) return;
    let hash = this.hashes.get(text);
    if (hash === undefined) this.hashes.set(text, (hash = hash53(text)));
    into.uniques?.add(hash);
  }
}
