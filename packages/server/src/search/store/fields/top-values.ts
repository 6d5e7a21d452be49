import type { CountedValue } from './value-counts.ts';

function compare(a: CountedValue, b: CountedValue): number {
  return b.count - a.count || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
}

/** Keeps the most frequent of many values; of equally frequent ones the first by text. */
export class TopValues {
  private readonly limit: number;
  private kept: CountedValue[] = [];
  /** A value that does not come before this one is not among the first. */
  private last: CountedValue | undefined;

  constructor(limit: number) {
    this.limit = limit;
  }

  add(value: CountedValue): void {
    if (this.last !== undefined && compare(value, this.last) >= 0) return;
    this.kept.push(value);
    if (this.kept.length >= 2 * this.limit + 100) this.cut();
  }

  /** In order. */
  list(): CountedValue[] {
    this.cut();
    return this.kept;
  }

  private cut(): void {
    this.kept.sort(compare);
    if (this.kept.length <= this.limit) return;
    this.kept.length = this.limit;
    this.last = this.kept.at(-1);
  }
}
