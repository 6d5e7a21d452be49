import type { Cleanup } from '@meniscus/testkit';

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly result: string;
  /** The budget of the design, as text; empty when there is none. */
  readonly budget: string;
}

export interface BenchCase {
  readonly name: string;
  run(t: Cleanup): Promise<readonly Row[]>;
}

export function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

export function megabytes(value: number): string {
  return `${Math.round(value / 1e6)} MB`;
}
