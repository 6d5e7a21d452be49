/**
 * Event ids are UUIDs of version 7 (RFC 9562 section 5.7) made from what an event has anyway, so that they cost nothing to store and sort by the
 * time of receipt: 48 bits of receive time in milliseconds, 12 bits of node, 8 bits of queue shard, 54 bits of queue position.
 */

/** Where an event stands in the queue; with the receive time it is the whole of an id. */
export interface EventOrigin {
  /** Milliseconds since the epoch, UTC. */
  readonly receivedMs: number;
  /** 0-4095: which node of a grid received it. */
  readonly node: number;
  /** 0-255: which ingest thread's queue log holds it. */
  readonly shard: number;
  /** 0-2^53-1: the event's position in that log. */
  readonly position: number;
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** 16 hex digits of the low half: variant `10`, 8 bits of shard, 54 bits of position. */
function lowHalf(shard: number, position: number): string {
  const high22 = Math.floor(position / 0x1_0000_0000) & 0x3f_ffff;
  const low32 = position >>> 0;
  const first = (0x8000_0000 | ((shard & 0xff) << 22) | high22) >>> 0;
  return first.toString(16).padStart(8, '0') + low32.toString(16).padStart(8, '0');
}

/** The id as the API prints it: 36 characters, lower case. */
export function formatEventId(receivedMs: number, node: number, shard: number, position: number): string {
  const ms = Math.floor(receivedMs).toString(16).padStart(12, '0');
  const low = lowHalf(shard, position);
  const nodeHex = '7' + HEX[(node >> 8) & 0xf]![1]! + HEX[node & 0xff]!;
  return `${ms.slice(0, 8)}-${ms.slice(8)}-${nodeHex}-${low.slice(0, 4)}-${low.slice(4)}`;
}

const PATTERN = /^([0-9a-f]{8})-([0-9a-f]{4})-7([0-9a-f]{3})-([89ab][0-9a-f]{3})-([0-9a-f]{12})$/;

/** The parts of an id, or undefined when the text is not one that this service gives. */
export function parseEventId(text: string): EventOrigin | undefined {
  const match = PATTERN.exec(text.toLowerCase());
  if (!match) return undefined;
  const low = match[4]! + match[5]!;
  const first = Number.parseInt(low.slice(0, 8), 16) & 0x3fff_ffff;
  const position = (first & 0x3f_ffff) * 0x1_0000_0000 + Number.parseInt(low.slice(8), 16);
  if (!Number.isSafeInteger(position)) return undefined;
  return { receivedMs: Number.parseInt(match[1]! + match[2]!, 16), node: Number.parseInt(match[3]!, 16), shard: first >>> 22, position };
}
