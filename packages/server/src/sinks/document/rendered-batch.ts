import { ABSENT, MSG_ABSENT, ROW_TIME_RECEIVED, type Batch } from '../../event/batch.ts';
import { formatEventId } from '../../event/event-id.ts';
import { LEVELS, type Producer } from '../../event/event.ts';
import type { Shape, ShapeCache } from '../../event/shape.ts';
import type { LeafOf, SinkTenant } from '../writer.ts';
import { placeOf } from './place.ts';
import { fillSkeleton, leafJson, leafValue, plainValue } from './skeleton.ts';
import { TimeText } from './time-text.ts';

/** What all documents of one origin have in common. */
interface OriginText {
  /** From `meniscus` up to the id. */
  readonly head: string;
  /** Between the two times of receipt. */
  readonly correlation: string;
  /** From the second time of receipt on. */
  readonly tail: string;
}

/** A batch of the queue and where it stands there. */
export interface PlacedBatch {
  readonly shard: number;
  readonly position: number;
  readonly batch: Batch;
}

/** Makes documents (interface.md section 7) from the rows of one batch, with what rows have in common made once. */
export class RenderedBatch {
  readonly batch: Batch;
  private readonly placed: PlacedBatch;
  private readonly node: number;
  private readonly shapes: ShapeCache;
  private readonly tenantOf: (row: number) => SinkTenant;
  private readonly quoted: string[] = [];
  private readonly origins: OriginText[] = [];
  private readonly times = new TimeText();
  private readonly receipts = new TimeText();
  private idRow = -1;
  private idText = '';

  constructor(placed: PlacedBatch, node: number, shapes: ShapeCache, tenantOf: (row: number) => SinkTenant) {
    this.placed = placed;
    this.batch = placed.batch;
    this.node = node;
    this.shapes = shapes;
    this.tenantOf = tenantOf;
  }

  /** Kept for the next call, since writers ask for the id beside the document. */
  id(row: number): string {
    if (row === this.idRow) return this.idText;
    const { shard, position } = this.placed;
    this.idRow = row;
    this.idText = formatEventId(Math.floor(this.batch.received[row]! / 1000), this.node, shard, position + row);
    return this.idText;
  }

  place(row: number): number {
    return placeOf(this.placed.shard, this.placed.position + row);
  }

  day(row: number): string {
    return this.receipts.day(this.batch.received[row]!);
  }

  document(row: number): string {
    const { batch } = this;
    const time = this.times.format(batch.time[row]!);
    const received = this.receipts.format(batch.received[row]!);
    const origin = this.origin(row);
    let text = `{"@timestamp":"${time}","time":"${time}","host":${this.string(batch.host[row]!)},"pname":${this.string(batch.pname[row]!)}`;
    text += `,"pid":${JSON.stringify(batch.pidText(row))},"msgid":${this.string(batch.msgid[row]!)}${this.syslog(row)}`;
    if (batch.msgLength[row] !== MSG_ABSENT) text += `,"msg":${JSON.stringify(batch.msg(row))}`;
    text += this.priority(row) + this.fields(row);
    return `${text}${origin.head}${this.id(row)}"${this.timeSource(row)},"received":"${received}${origin.correlation}${received}${origin.tail}`;
  }

  object(row: number): Record<string, unknown> {
    const { batch } = this;
    const { strings } = batch.dictionaries;
    const time = this.times.format(batch.time[row]!);
    const object: Record<string, unknown> = {
      '@timestamp': time,
      time,
      host: strings[batch.host[row]!]!,
      pname: strings[batch.pname[row]!]!,
    };
    object['pid'] = batch.pidText(row);
    object['msgid'] = strings[batch.msgid[row]!]!;
    const severity = batch.severity[row]!;
    const facility = batch.facility[row]!;
    if (severity !== ABSENT && facility !== ABSENT) object['pri'] = String(facility * 8 + severity);
    if (batch.ver[row] !== 0) object['ver'] = String(batch.ver[row]!);
    if (batch.msgLength[row] !== MSG_ABSENT) object['msg'] = batch.msg(row)!;
    if (severity !== ABSENT) object['severity'] = severity;
    if (facility !== ABSENT) object['facility'] = facility;
    if (severity !== ABSENT) object['level'] = LEVELS[severity] ?? 'debug';
    let leaf = batch.leafStart[row]!;
    const leaves = fillSkeleton(JSON.parse(this.shape(row).text), () => plainValue(leafValue(batch, leaf++)));
    Object.assign(object, leaves);
    object['meniscus'] = this.meniscus(row);
    return object;
  }

  leaves(row: number, visit: (name: string, value: LeafOf) => void): void {
    const { columns } = this.shape(row);
    const start = this.batch.leafStart[row]!;
    for (let i = 0; i < columns.length; i++) visit(columns[i]!, leafValue(this.batch, start + i));
  }

  private shape(row: number): Shape {
    return this.shapes.get(this.batch.dictionaries.shapes[this.batch.shape[row]!]!);
  }

  private string(index: number): string {
    return (this.quoted[index] ??= JSON.stringify(this.batch.dictionaries.strings[index]!));
  }

  private syslog(row: number): string {
    const { batch } = this;
    const severity = batch.severity[row]!;
    const facility = batch.facility[row]!;
    const pri = severity === ABSENT || facility === ABSENT ? '' : `,"pri":"${facility * 8 + severity}"`;
    return batch.ver[row] === 0 ? pri : `${pri},"ver":"${batch.ver[row]!}"`;
  }

  private priority(row: number): string {
    const severity = this.batch.severity[row]!;
    const facility = this.batch.facility[row]!;
    let text = severity === ABSENT ? '' : `,"severity":${severity}`;
    if (facility !== ABSENT) text += `,"facility":${facility}`;
    return severity === ABSENT ? text : `${text},"level":"${LEVELS[severity] ?? 'debug'}"`;
  }

  private fields(row: number): string {
    const { pieces } = this.shape(row);
    if (pieces.length === 1 && pieces[0] === '') return '';
    let leaf = this.batch.leafStart[row]!;
    let text = `,${pieces[0]!}`;
    for (let i = 1; i < pieces.length; i++) text += leafJson(this.batch, leaf++) + pieces[i]!;
    return text;
  }

  private origin(row: number): OriginText {
    const index = this.batch.origin[row]!;
    return (this.origins[index] ??= this.originText(row, index));
  }

  private originText(row: number, index: number): OriginText {
    const tenant = this.tenantOf(row);
    const { id, name, pattern, durable, encrypted, sinks } = JSON.parse(this.batch.dictionaries.origins[index]!.producer) as Producer;
    const correlation = JSON.stringify({ tenant_name: tenant.name, ep_id: id, ep_name: name, pattern, durable, encrypted });
    return {
      head: `,"meniscus":{"tenant":${JSON.stringify(tenant.id)},"id":"`,
      correlation: `","correlation":${correlation.slice(0, -1)},"@timestamp":"`,
      tail: `","sinks":${JSON.stringify(sinks)}}}}`,
    };
  }

  /** Said only where the sender gave no usable time: then it is the time of receipt. */
  private timeSource(row: number): string {
    return (this.batch.flags[row]! & ROW_TIME_RECEIVED) === 0 ? '' : ',"time_source":"received"';
  }

  private meniscus(row: number): Record<string, unknown> {
    const { head, correlation, tail } = this.origin(row);
    const received = this.receipts.format(this.batch.received[row]!);
    const text = `{${head.slice(1)}${this.id(row)}"${this.timeSource(row)},"received":"${received}${correlation}${received}${tail}`;
    return (JSON.parse(text) as { readonly meniscus: Record<string, unknown> }).meniscus;
  }
}
