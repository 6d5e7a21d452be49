import { parseEventId } from '../../event/event-id.ts';

/** Positions of a shard's queue are below it, so that 256 shards fit a double. */
const SHARD_SPAN = 2 ** 45;

/** One number for a place in the queues of all shards. */
export function placeOf(shard: number, position: number): number {
  return shard * SHARD_SPAN + position;
}

/** The place that an event's id tells, 0 for a text that is no id. */
export function placeOfId(id: string): number {
  const origin = parseEventId(id);
  return origin === undefined ? 0 : placeOf(origin.shard, origin.position);
}

export function shardOf(place: number): number {
  return Math.floor(place / SHARD_SPAN);
}
