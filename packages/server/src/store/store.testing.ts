import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import * as fc from 'fast-check';
import { ABSENT, ROW_TIME_RECEIVED } from '../event/batch.ts';
import { BatchBuilder } from '../event/batch-builder.ts';
import { formatTime, LEVELS } from '../event/event.ts';
import { formatEventId } from '../event/event-id.ts';
import { NumberText } from '../event/leaf.ts';
import type { ShapeTrie, TrieNode } from '../event/shape-trie.ts';
import type { HotBatch } from '../threads/messages.ts';
import type { TenantChange } from '../control/tenant.ts';
import type { Snapshot } from './block.ts';
import { EventRenderer } from './event-json.ts';

/** An event as a test says it; what is absent was not sent. */
export interface StoredEvent {
  readonly tenant: number;
  /** Microseconds. */
  readonly time: number;
  readonly received: number;
  readonly timeReceived?: boolean;
  readonly host?: string;
  readonly pname?: string;
  readonly msgid?: string;
  readonly pid?: string;
  readonly severity?: number;
  readonly facility?: number;
  readonly ver?: number;
  readonly msg?: string;
  readonly native?: object;
  readonly normalized?: object;
}

export const NODE = 5;
export const NOON = Date.UTC(2026, 10, 23, 12) * 1000;
export const DAY = 86_400_000_000;

export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-store-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function producerOf(tenant: number): string {
  return JSON.stringify({ id: null, name: null, pattern: `p${tenant}`, durable: false, encrypted: false, sinks: ['store'] });
}

function addEvent(builder: BatchBuilder, event: StoredEvent): void {
  builder.begin(event.received);
  builder.time = event.time;
  builder.flags = event.timeReceived === true ? ROW_TIME_RECEIVED : 0;
  builder.origin = builder.originIndex(event.tenant, producerOf(event.tenant));
  builder.host = builder.stringIndex(event.host ?? '-');
  builder.pname = builder.stringIndex(event.pname ?? '-');
  builder.msgid = builder.stringIndex(event.msgid ?? '-');
  builder.pid = builder.pidValue(event.pid ?? '-');
  builder.severity = event.severity ?? ABSENT;
  builder.facility = event.facility ?? ABSENT;
  builder.ver = event.ver ?? 0;
  if (event.msg !== undefined) builder.msgText(event.msg);
  if (event.native !== undefined) builder.native(event.native);
  if (event.normalized !== undefined) {
    // Rulebases add to a shape what they find; here it is added by the same walk as native.
    const open = builder as unknown as { shape: TrieNode; trie: ShapeTrie };
    open.shape = open.trie.member(open.shape, 'normalized', event.normalized, builder);
  }
  builder.commit();
}

/** Batches of these events, at most `rows` in each. */
export function batchesOf(events: readonly StoredEvent[], options: { shard?: number; position?: number; rows?: number } = {}): HotBatch[] {
  const builder = new BatchBuilder(64 << 20);
  const { shard = 0, rows: rowsMax = 16_384 } = options;
  let position = options.position ?? 0;
  const batches: HotBatch[] = [];
  const seal = (): void => {
    const rows = builder.rows;
    batches.push({ type: 'batch', shard, position, rows, bytes: builder.seal() });
    position += rows;
  };
  for (const event of events) {
    addEvent(builder, event);
    if (builder.rows >= rowsMax || builder.full) seal();
  }
  if (builder.rows > 0) seal();
  return batches;
}

/** The JSON text of native or normalized, number texts as they came; undefined for an empty one. */
function jsonOf(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}:${jsonOf(member)}`)
      .join(',')}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value.toWellFormed()) : JSON.stringify(value);
}

/** The event as the API shows it. */
export function expectedJson(event: StoredEvent, position: number, shard = 0): string {
  const { severity, facility, ver, msg, native, normalized } = event;
  const text = (name: string, value: string): string => `"${name}":${JSON.stringify(value.toWellFormed())}`;
  const parts = [
    text('id', formatEventId(Math.floor(event.received / 1000), NODE, shard, position)),
    text('tenant', `t${event.tenant}`),
    text('time', formatTime(event.time)),
    event.timeReceived === true ? text('time_source', 'received') : '',
    text('received', formatTime(event.received)),
    text('host', event.host ?? '-'),
    text('pname', event.pname ?? '-'),
    text('pid', event.pid ?? '-'),
    text('msgid', event.msgid ?? '-'),
    severity !== undefined && facility !== undefined ? `"pri":${facility * 8 + severity}` : '',
    facility === undefined ? '' : `"facility":${facility}`,
    severity === undefined ? '' : `"severity":${severity}`,
    severity === undefined ? '' : text('level', LEVELS[severity]!),
    ver === undefined ? '' : text('ver', String(ver)),
    msg === undefined ? '' : text('msg', msg),
    native === undefined || Object.keys(native).length === 0 ? '' : `"native":${jsonOf(native)}`,
    normalized === undefined || Object.keys(normalized).length === 0 ? '' : `"normalized":${jsonOf(normalized)}`,
    `"producer":${producerOf(event.tenant)}`,
  ];
  return `{${parts.filter((part) => part !== '').join(',')}}`;
}

/** The expected JSON of a tenant's events, oldest first, ties by id; `positionOf` of an event's place in the list. */
export function expectedOf(events: readonly StoredEvent[], tenant: number, first = 0, shard = 0): string[] {
  return events
    .map((event, i) => ({ event, position: first + i }))
    .filter(({ event }) => event.tenant === tenant)
    .sort(
      (a, b) =>
        a.event.time - b.event.time || Math.floor(a.event.received / 1000) - Math.floor(b.event.received / 1000) || a.position - b.position,
    )
    .map(({ event, position }) => expectedJson(event, position, shard));
}

/** The JSON of all of a tenant's events in a snapshot, oldest first, ties by id. */
export function eventsIn(snapshot: Snapshot, tenant: number): string[] {
  const renderer = new EventRenderer(NODE, `t${tenant}`);
  const rows = snapshot.blocks(tenant, -Infinity, Infinity).flatMap((block) => {
    const [time, received, position, view] = [block.time(), block.received(), block.position(), renderer.block(block)];
    return Array.from({ length: block.rows }, (_, row) => ({
      time: time[row]!,
      ms: Math.floor(received[row]! / 1000),
      position: position[row]!,
      text: view.row(row),
    }));
  });
  return rows.sort((a, b) => a.time - b.time || a.ms - b.ms || a.position - b.position).map((row) => row.text);
}

export function putTenant(number: number, retention_days = 90): TenantChange {
  const tenant = { number, id: `t${number}`, name: '', token: { valid: '', previous: null }, producers: [], settings: { retention_days } };
  return { type: 'put', tenant };
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('web-1', 'web-2', 'sshd', 'a b\nc', 'Grüße aus KÖLN', '磁盘空间不足', 'İstanbul', 'ΣΊΣΥΦΟΣ', ''),
);
const names = fc.constantFrom('host', 'a', 'b.c', '__proto__', 'constructor', 'status', '*', 'é', '', 'length');
const leaves = fc.oneof(
  texts,
  fc.integer(),
  fc.integer({ min: 0, max: 600 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  fc.integer({ min: 0, max: 99_999 }).map((value) => value / 100),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('12345678901234567890', '1e400', '-98765432109876543210').map((text) => new NumberText(text)),
);
const { tree } = fc.letrec<{ tree: Record<string, unknown>; value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', maxDepth: 3 }, leaves, fc.array(tie('value'), { maxLength: 3 }), tie('tree')),
  tree: fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((members) => {
    // Own members, whatever their names; integer-like names would be put first by JavaScript.
    const object = {};
    for (const [name, value] of members)
      Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
    return object as Record<string, unknown>;
  }),
}));

const option = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined });

/** Events of a few tenants over three days, often with equal times. */
export const storedEvents: fc.Arbitrary<StoredEvent> = fc
  .record({
    tenant: fc.integer({ min: 1, max: 3 }),
    time: fc.oneof(
      fc.integer({ min: 0, max: 5 }).map((i) => NOON + i),
      fc.integer({ min: 0, max: 253_402_300_799_999 }).map((ms) => ms * 1000),
    ),
    received: fc.integer({ min: 0, max: 3_000 }).map((i) => NOON + Math.floor((i * 3 * DAY) / 3_000) + (i % 7)),
    timeReceived: fc.boolean(),
    host: option(texts),
    pname: option(texts),
    msgid: option(texts),
    pid: option(fc.oneof(texts, fc.integer({ min: 0, max: 99_999 }).map(String), fc.constantFrom('007', '0', '4294967296'))),
    severity: option(fc.integer({ min: 0, max: 7 })),
    facility: option(fc.integer({ min: 0, max: 23 })),
    ver: option(fc.integer({ min: 1, max: 9 })),
    msg: option(texts),
    native: option(tree),
    normalized: option(tree),
  })
  .map((event) => Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)) as unknown as StoredEvent);
