import { formatEventId, parseEventId } from '../../../event/event-id.ts';
import type { TailStart } from '../../tail.ts';

/** How far a tail has come. */
export interface TailCursor {
  /** By shard: the first position that is still to come. */
  readonly next: Readonly<Record<number, number>>;
  /** In shards that `next` does not name: what was received in a later millisecond than this, or in the same one in a higher shard. */
  readonly after?: { readonly ms: number; readonly shard: number };
}

/** Above every shard. */
const LAST_SHARD = 256;

/** The cursor of a start, undefined for `now` (the thread knows it) and for what is no id. */
export function cursorOf(start: TailStart): TailCursor | undefined {
  if (start.kind === 'now') return undefined;
  if (start.kind === 'received') return { next: {}, after: { ms: Math.floor(start.from / 1000) - 1, shard: LAST_SHARD } };
  const origin = parseEventId(start.id);
  if (origin === undefined) return undefined;
  const { receivedMs, shard, position } = origin;
  return { next: { [shard]: position + 1 }, after: { ms: receivedMs, shard } };
}

/** An id behind which a tail sees the same as from the cursor on; exact for one shard. `ms`: now. */
export function idOfCursor({ next, after }: TailCursor, node: number, ms: number): string {
  const shard = Math.min(after?.shard ?? Number(Object.keys(next)[0] ?? 0), LAST_SHARD - 1);
  const position = (next[shard] ?? (after === undefined ? 0 : Number.MAX_SAFE_INTEGER)) - 1;
  return formatEventId(Math.max(0, after?.ms ?? ms), node, shard, Math.max(0, position));
}

/** Whether nothing before `end` is to come any more. */
export function hasReached(cursor: TailCursor, end: ReadonlyMap<number, number>): boolean {
  for (const [shard, position] of end) if ((cursor.next[shard] ?? -1) < position) return false;
  return true;
}

/** Whether the cursor is exactly there. */
export function isAt(cursor: TailCursor, end: ReadonlyMap<number, number>): boolean {
  for (const [shard, position] of end) if (cursor.next[shard] !== position) return false;
  return true;
}

/** The cursor with everything before `end` behind it. */
export function advanced(cursor: TailCursor, end: ReadonlyMap<number, number>): TailCursor {
  const next: Record<number, number> = { ...cursor.next };
  for (const [shard, position] of end) next[shard] = Math.max(next[shard] ?? 0, position);
  return { next };
}
