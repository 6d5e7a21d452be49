import { Batch, MSG_ABSENT } from '../../event/batch.ts';
import type { Producer } from '../../event/event.ts';
import { LEAF } from '../../event/leaf.ts';
import { STORE } from '../../event/store-name.ts';

/**
 * Where rows of a block come from: a batch of the queue, or a block of a segment that a merge joins with others. The fields are those of
 * `Batch`, so that the code that builds columns reads both without a difference.
 */
export interface Rows {
  readonly rows: number;
  readonly heap: Buffer;
  readonly time: Float64Array;
  readonly received: Float64Array;
  readonly msgStart: Uint32Array;
  readonly msgLength: Uint32Array;
  readonly leafStart: Uint32Array;
  readonly leafTag: Uint8Array;
  readonly leafNumber: Float64Array;
  readonly leafText: Uint32Array;
  readonly pid: Int32Array;
  readonly origin: Uint16Array;
  readonly host: Uint16Array;
  readonly pname: Uint16Array;
  readonly msgid: Uint16Array;
  readonly shape: Uint16Array;
  readonly severity: Uint8Array;
  readonly facility: Uint8Array;
  readonly ver: Uint8Array;
  readonly flags: Uint8Array;
  readonly strings: readonly string[];
  readonly tenants: readonly number[];
  /** The same with those whose events the store does not keep: for live tails. */
  readonly allTenants: readonly number[];
  readonly producers: readonly string[];
  readonly shapes: readonly string[];
}

/** Maps a source's dictionary indexes to a block's: an entry counts while its stamp is the serial number of the column being built. */
export class IndexMap {
  readonly stamps: Uint32Array;
  readonly indexes: Uint16Array;

  constructor(size: number) {
    this.stamps = new Uint32Array(size);
    this.indexes = new Uint16Array(size);
  }
}

/** `Rows` with their queue positions and room for what building columns remembers about them. */
export class RowSource {
  readonly rows: Rows;
  /** Position of row 0; the others follow, unless `positions` says otherwise. */
  readonly base: number;
  readonly positions: Float64Array | undefined;
  private stringMap_: IndexMap | undefined;
  private originMap_: IndexMap | undefined;
  private shapeMap_: IndexMap | undefined;
  private singleLines_: boolean | undefined;

  constructor(rows: Rows, base: number, positions?: Float64Array) {
    this.rows = rows;
    this.base = base;
    this.positions = positions;
  }

  /** Of a batch as it is in the queue. Throws BatchFormatError. */
  static ofBatch(bytes: ArrayBuffer, position: number): RowSource {
    return new RowSource(new BatchRows(new Batch(bytes)), position);
  }

  /** The same with the rows that the store does not keep. */
  static ofWholeBatch(bytes: ArrayBuffer, position: number, positions?: Float64Array): RowSource {
    return new RowSource(new BatchRows(new Batch(bytes), true), position, positions);
  }

  get stringMap(): IndexMap {
    return (this.stringMap_ ??= new IndexMap(this.rows.strings.length));
  }

  get originMap(): IndexMap {
    return (this.originMap_ ??= new IndexMap(this.rows.producers.length));
  }

  get shapeMap(): IndexMap {
    return (this.shapeMap_ ??= new IndexMap(this.rows.shapes.length));
  }

  /** True when there is no newline anywhere in the heap, so not in any text either. */
  get singleLines(): boolean {
    return (this.singleLines_ ??= !this.rows.heap.includes(10));
  }

  position(row: number): number {
    return this.positions === undefined ? this.base + row : this.positions[row]!;
  }

  /** Bytes of text in a row: msg and the strings of its leaves. */
  textBytes(row: number): number {
    const rows = this.rows;
    const length = rows.msgLength[row]!;
    let bytes = length === MSG_ABSENT ? 0 : length;
    const end = rows.leafStart[row + 1]!;
    for (let leaf = rows.leafStart[row]!; leaf < end; leaf++) if (rows.leafTag[leaf]! >= LEAF.string) bytes += rows.leafText[2 * leaf + 1]!;
    return bytes;
  }
}

/** In the place of a tenant's number (which begin with 1): the producer's sinks are without the store, so nothing here looks at the row. */
export const NOT_STORED = 0;

const STORED = JSON.stringify(STORE);

/** Nearly always a look at the text: only one with other sinks is parsed. */
function isStored(producer: string): boolean {
  if (producer.endsWith(`"sinks":[${STORED}]}`)) return true;
  return (JSON.parse(producer) as Producer).sinks.includes(STORE);
}

/** A batch's columns as own fields of one object, read once: the hot loops then see plain properties. */
class BatchRows implements Rows {
  readonly rows: number;
  readonly heap: Buffer;
  readonly time: Float64Array;
  readonly received: Float64Array;
  readonly msgStart: Uint32Array;
  readonly msgLength: Uint32Array;
  readonly leafStart: Uint32Array;
  readonly leafTag: Uint8Array;
  readonly leafNumber: Float64Array;
  readonly leafText: Uint32Array;
  readonly pid: Int32Array;
  readonly origin: Uint16Array;
  readonly host: Uint16Array;
  readonly pname: Uint16Array;
  readonly msgid: Uint16Array;
  readonly shape: Uint16Array;
  readonly severity: Uint8Array;
  readonly facility: Uint8Array;
  readonly ver: Uint8Array;
  readonly flags: Uint8Array;
  readonly strings: readonly string[];
  readonly tenants: readonly number[];
  readonly allTenants: readonly number[];
  readonly producers: readonly string[];
  readonly shapes: readonly string[];

  /** `whole`: with the rows that the store does not keep. */
  constructor(batch: Batch, whole = false) {
    const { strings, origins, shapes } = batch.dictionaries;
    this.rows = batch.rows;
    this.heap = batch.heap;
    this.time = batch.time;
    this.received = batch.received;
    this.msgStart = batch.msgStart;
    this.msgLength = batch.msgLength;
    this.leafStart = batch.leafStart;
    this.leafTag = batch.leafTag;
    this.leafNumber = batch.leafNumber;
    this.leafText = batch.leafText;
    this.pid = batch.pid;
    this.origin = batch.origin;
    this.host = batch.host;
    this.pname = batch.pname;
    this.msgid = batch.msgid;
    this.shape = batch.shape;
    this.severity = batch.severity;
    this.facility = batch.facility;
    this.ver = batch.ver;
    this.flags = batch.flags;
    this.strings = strings;
    this.allTenants = origins.map(({ tenant }) => tenant);
    this.tenants = whole ? this.allTenants : origins.map(({ tenant, producer }) => (isStored(producer) ? tenant : NOT_STORED));
    this.producers = origins.map((origin) => origin.producer);
    this.shapes = shapes;
  }
}
