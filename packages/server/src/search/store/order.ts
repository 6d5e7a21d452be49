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
  return keysOf(block)(row);
}

/** The keys of a block's rows, with its columns fetched once. */
export function keysOf(block: Block): (row: number) => EventKey {
  const times = block.time();
  const received = block.received();
  const positions = block.position();
  const { shard } = block;
  return (row) => ({ time: times[row]!, receivedMs: Math.floor(received[row]! / 1000), shard, position: positions[row]! });
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
