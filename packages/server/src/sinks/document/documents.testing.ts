import { Batch, ROW_TIME_RECEIVED } from '../../event/batch.ts';
import { BatchBuilder } from '../../event/batch-builder.ts';
import type { Producer } from '../../event/event.ts';
import { ShapeCache } from '../../event/shape.ts';
import type { SinkTenant } from '../writer.ts';
import { QueueEvents } from './queue-events.ts';
import { RenderedBatch } from './rendered-batch.ts';

/** An event of a test; what is left out is absent. Times are microseconds. */
export interface TestEvent {
  readonly tenant?: SinkTenant;
  readonly producer?: Producer;
  readonly received?: number;
  readonly time?: number;
  readonly host?: string;
  readonly pname?: string;
  readonly pid?: string;
  readonly msgid?: string;
  readonly severity?: number;
  readonly facility?: number;
  readonly ver?: number;
  /** The sender gave no usable time. */
  readonly timeReceived?: boolean;
  readonly msg?: string;
  readonly native?: object;
}

export const ACME: SinkTenant = { number: 1, id: 'acme', name: 'Acme', retentionDays: 90 };
export const DEFAULT_PRODUCER: Producer = {
  id: null,
  name: null,
  pattern: 'default',
  durable: false,
  encrypted: false,
  sinks: ['store', 'test'],
};
/** 2026-11-23T10:00:00.123456Z */
export const RECEIVED = Date.UTC(2026, 10, 23, 10) * 1000 + 123_456;

/** A batch of the queue with these events, its bytes. */
export function batchBytes(events: readonly TestEvent[]): ArrayBuffer {
  const builder = new BatchBuilder();
  for (const event of events) {
    const { received = RECEIVED, tenant = ACME, producer = DEFAULT_PRODUCER } = event;
    builder.begin(received);
    builder.time = event.time ?? received;
    builder.origin = builder.originIndex(tenant.number, JSON.stringify(producer));
    builder.host = builder.stringIndex(event.host ?? '-');
    builder.pname = builder.stringIndex(event.pname ?? '-');
    builder.msgid = builder.stringIndex(event.msgid ?? '-');
    builder.pid = builder.pidValue(event.pid ?? '-');
    if (event.severity !== undefined) builder.severity = event.severity;
    if (event.facility !== undefined) builder.facility = event.facility;
    if (event.ver !== undefined) builder.ver = event.ver;
    if (event.timeReceived === true) builder.flags = ROW_TIME_RECEIVED;
    if (event.msg !== undefined) builder.msgText(event.msg);
    if (event.native !== undefined) builder.native(event.native);
    builder.commit();
  }
  return builder.seal();
}

/** Events as a sink gets them: at `position` of shard 0. */
export function sinkBatch(events: readonly TestEvent[], position = 0): QueueEvents {
  const batch = new Batch(batchBytes(events));
  const tenantOf = (row: number): SinkTenant => events[row]!.tenant ?? ACME;
  const rendered = new RenderedBatch({ shard: 0, position, batch }, 0, new ShapeCache(), tenantOf);
  return QueueEvents.of([{ rendered, rows: events.map((_, row) => row), tenantOf }]);
}
