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
  /** When the first page was asked for, microseconds. */
  readonly started: number;
}

/** A request waits at most about so long before its cursor is read. */
const SLACK_MICROS = 5_000_000;

/**
 * A cursor belongs to a tenant, query, order and range: its hash of them must be that of the request that brings it. It is not a secret and
 * grants nothing: whatever stands in it is applied within the request's own tenant and query.
 */
function ownerOf(scope: SearchScope, order: Order): string {
  const text = JSON.stringify([1, scope.tenant.number, order, scope.range ?? null, scope.text ?? scope.query]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

export function writeCursor(scope: SearchScope, order: Order, { key, from, to, started }: Position): string {
  const parts = [ownerOf(scope, order), key.time, key.receivedMs, key.shard, key.position, started, finiteOrNull(from), finiteOrNull(to)];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Throws `bad_cursor`. `now`: microseconds. */
export function readCursor(scope: SearchScope, order: Order, cursor: string, now: number): Position {
  const parts = decode(cursor);
  const [owner, time, receivedMs, shard, position, started, from, to] = parts;
  const range = { from: from ?? -Infinity, to: to ?? Infinity };
  if (owner !== ownerOf(scope, order) || (scope.range === undefined && !isSameRange(scope, range, now - started)))
    throw new MeniscusError('bad_cursor', 'leave the cursor out to search anew');
  return { key: { time, receivedMs, shard, position }, ...range, started };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Each end is the same, or relative: it moved on as far as the clock did. Only where the range's own text is not known. */
function isSameRange(asked: Range, first: Range, elapsed: number): boolean {
  const isSame = (now: number, then: number): boolean => now === then || (now > then && Math.abs(now - then - elapsed) <= SLACK_MICROS);
  return isSame(asked.from, first.from) && isSame(asked.to, first.to);
}

type Parts = [string, number, number, number, number, number, number | null, number | null];

function decode(cursor: string): Parts {
  let parts: unknown;
  try {
    if (cursor.length <= 400) parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // Falls through: not a cursor.
  }
  const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
  const valid =
    Array.isArray(parts) &&
    parts.length === 8 &&
    parts.slice(1, 6).every(isNumber) &&
    parts.slice(6).every((value) => value === null || isNumber(value));
  if (!valid) throw new MeniscusError('bad_cursor', 'it is not one that this service gave');
  return parts as Parts;
}
