import { formatEventId } from '../../event/event-id.ts';
import type { Block } from '../../store/block.ts';

/** Where an event stands among all of a tenant: by time, then by id (receive time in milliseconds, shard, position). */
export interface EventKey {
  readonly time: number;
  readonly receivedMs: number;
  readonly shard: number;
  readonly position: number;
}

/** Negative when `a` is older. Ids of one node sort by these parts. */
export function compareKeys(a: EventKey, b: EventKey): number {
  return a.time - b.time || a.receivedMs - b.receivedMs || a.shard - b.shard || a.position - b.position;
}

export function keyOf(block: Block, row: number): EventKey {
  return {
    time: block.time()[row]!,
    receivedMs: Math.floor(block.received()[row]! / 1000),
    shard: block.shard,
    position: block.position()[row]!,
  };
}

export function idOf(key: EventKey, node: number): string {
  return formatEventId(key.receivedMs, node, key.shard, key.position);
}

/** The first row whose time is at least `micros`. */
export function firstRowFrom(times: Float64Array, micros: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < micros) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first row that is not older than the key; rows are in the order of keys. */
export function firstRowFromKey(block: Block, key: EventKey): number {
  let low = 0;
  let high = block.rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keyOf(block, middle), key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
