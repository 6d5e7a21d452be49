import type { SourceCounters } from '../source.ts';

/** Addresses counted one by one; beyond it the least are given up. */
const ADDRESSES_MAX = 1_000;
/** What the addresses given up had together. */
export const OTHERS = 'others';

/** Counts a refusal by where it came from: those who send most stay visible, whatever number of addresses there is. */
export function countRefusedFrom(counters: SourceCounters, address: string): void {
  const from = (counters.refusedFrom ??= new Map());
  from.set(address, (from.get(address) ?? 0) + 1);
  if (from.size <= ADDRESSES_MAX) return;
  let others = from.get(OTHERS) ?? 0;
  from.delete(OTHERS);
  const top = [...from].sort((a, b) => b[1] - a[1]);
  from.clear();
  for (const [i, [name, count]] of top.entries()) {
    if (i < ADDRESSES_MAX / 2) from.set(name, count);
    else others += count;
  }
  from.set(OTHERS, others);
}
