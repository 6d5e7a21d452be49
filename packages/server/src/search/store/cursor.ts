import { createHash } from 'node:crypto';
import { MeniscusError } from '../../errors.ts';
import type { SearchScope } from '../search.ts';
import type { EventKey } from './order.ts';

type Order = 'asc' | 'desc';

/** What a cursor stands for: the last event answered, and the range of the first page (relative ranges move on with the clock, pages do not). */
export interface Position {
  readonly key: EventKey;
  readonly from: number;
  readonly to: number;
}

/**
 * A cursor belongs to a tenant, query, order and range: its hash of them must be that of the request that brings it. It is not a secret and
 * grants nothing: whatever stands in it is applied within the request's own tenant and query.
 */
function ownerOf(scope: SearchScope, order: Order): string {
  const range = scope.range ?? [scope.from, scope.to === Infinity ? null : scope.to];
  const text = JSON.stringify([1, scope.tenant.number, order, range, scope.text ?? scope.query]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

export function writeCursor(scope: SearchScope, order: Order, position: Position): string {
  const { key, from, to } = position;
  const parts = [ownerOf(scope, order), key.time, key.receivedMs, key.shard, key.position, finiteOrNull(from), finiteOrNull(to)];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Throws `bad_cursor`. */
export function readCursor(scope: SearchScope, order: Order, cursor: string): Position {
  const parts = decode(cursor);
  if (parts[0] !== ownerOf(scope, order)) throw new MeniscusError('bad_cursor', 'leave the cursor out to search anew');
  const [, time, receivedMs, shard, position, from, to] = parts as [string, number, number, number, number, number | null, number | null];
  return { key: { time, receivedMs, shard, position }, from: from ?? -Infinity, to: to ?? Infinity };
}

function decode(cursor: string): readonly unknown[] {
  let parts: unknown;
  try {
    if (cursor.length <= 400) parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // Falls through: not a cursor.
  }
  const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
  const valid =
    Array.isArray(parts) &&
    parts.length === 7 &&
    parts.slice(1, 5).every(isNumber) &&
    parts.slice(5).every((value) => value === null || isNumber(value));
  if (!valid) throw new MeniscusError('bad_cursor', 'it is not one that this service gave');
  return parts as readonly unknown[];
}
