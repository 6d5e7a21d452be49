/**
 * The event batch: one heap of bytes plus typed columns, never an array of event objects. The same bytes are the record of the queue log, the
 * hot data that searches read, and what segments are built from. See docs/internals/batch.md for the layout.
 *
 * All numbers are little-endian. Sections follow each other in the order of `layout`, each column 8-byte aligned.
 */
export const BATCH_MAGIC = 0x3142_534d; // "MSB1"
export const BATCH_HEADER_BYTES = 64;
export const BATCH_ROWS_MAX = 16_384;

/** Length of a `msg` that was not sent. */
export const MSG_ABSENT = 0xffff_ffff;
/** Value of `severity` and `facility` that were not sent, and 0 of `ver`. */
export const ABSENT = 255;
/** `pid` is a number as such; nil is -1; any other text is entry `-2 - pid` of the strings. */
export const PID_NIL = -1;

/** Bits of the `flags` column. */
export const ROW_TIME_RECEIVED = 1;

/** What a batch's rows are matched to: a tenant by its internal number, and the producer. */
export interface Origin {
  /** The tenant's internal number (never reused, unlike ids). */
  readonly tenant: number;
  /** JSON text of the `Producer`. */
  readonly producer: string;
}

/** The dictionaries of a batch: JSON in the batch. */
export interface Dictionaries {
  readonly strings: readonly string[];
  readonly origins: readonly Origin[];
  /** Skeletons, see shape.ts. */
  readonly shapes: readonly string[];
}

export interface Layout {
  readonly time: number;
  readonly received: number;
  readonly leafValue: number;
  readonly msgStart: number;
  readonly msgLength: number;
  readonly leafStart: number;
  readonly pid: number;
  readonly origin: number;
  readonly host: number;
  readonly pname: number;
  readonly msgid: number;
  readonly shape: number;
  readonly severity: number;
  readonly facility: number;
  readonly ver: number;
  readonly flags: number;
  readonly leafTag: number;
  readonly dictionaries: number;
  readonly heap: number;
  readonly end: number;
}

/** Byte offsets of every section for a batch of so many rows, leaves, dictionary bytes and heap bytes. */
export function layout(rows: number, leaves: number, dictionaryBytes: number, heapBytes: number): Layout {
  let at = BATCH_HEADER_BYTES;
  const take = (bytes: number): number => {
    const start = at;
    at = (at + bytes + 7) & ~7;
    return start;
  };
  return {
    time: take(8 * rows),
    received: take(8 * rows),
    leafValue: take(8 * leaves),
    msgStart: take(4 * rows),
    msgLength: take(4 * rows),
    leafStart: take(4 * (rows + 1)),
    pid: take(4 * rows),
    origin: take(2 * rows),
    host: take(2 * rows),
    pname: take(2 * rows),
    msgid: take(2 * rows),
    shape: take(2 * rows),
    severity: take(rows),
    facility: take(rows),
    ver: take(rows),
    flags: take(rows),
    leafTag: take(leaves),
    dictionaries: take(dictionaryBytes),
    heap: take(heapBytes),
    end: at,
  };
}

/** Thrown when bytes are not a batch. */
export class BatchFormatError extends Error {}

function requireBatch(condition: boolean, what: string): void {
  if (!condition) throw new BatchFormatError(`not an event batch: ${what}`);
}

/** Reads a batch in place; the columns are views, nothing is copied. The caller must not change the bytes. */
export class Batch {
  readonly rows: number;
  readonly leaves: number;
  /** The whole batch, for writing and passing on. */
  readonly bytes: Uint8Array;
  readonly heap: Buffer;
  /** Microseconds since the epoch, whole numbers. */
  readonly time: Float64Array;
  readonly received: Float64Array;
  /** Into `heap`; the length is MSG_ABSENT when there is no msg. Texts are valid UTF-8. */
  readonly msgStart: Uint32Array;
  readonly msgLength: Uint32Array;
  /** Row r's leaves are leafStart[r] to leafStart[r + 1], in the order of its shape's columns. */
  readonly leafStart: Uint32Array;
  /** One of LEAF, by leaf. */
  readonly leafTag: Uint8Array;
  /** LEAF.number: the value. */
  readonly leafNumber: Float64Array;
  /** LEAF.string and LEAF.numberText: leafText[2 * i] is the offset into `heap`, leafText[2 * i + 1] the length in bytes. */
  readonly leafText: Uint32Array;
  readonly pid: Int32Array;
  readonly origin: Uint16Array;
  /** Into `strings`. */
  readonly host: Uint16Array;
  readonly pname: Uint16Array;
  readonly msgid: Uint16Array;
  /** Into `shapes`. */
  readonly shape: Uint16Array;
  readonly severity: Uint8Array;
  readonly facility: Uint8Array;
  readonly ver: Uint8Array;
  readonly flags: Uint8Array;
  private readonly dictionaryBytes: Buffer;
  private dictionaries_: Dictionaries | undefined;

  /** `buffer` from `byteOffset` (a multiple of 8) holds the batch. Throws BatchFormatError. */
  constructor(buffer: ArrayBuffer, byteOffset = 0) {
    requireBatch(byteOffset % 8 === 0 && buffer.byteLength - byteOffset >= BATCH_HEADER_BYTES, 'no room for a header');
    const header = new Uint32Array(buffer, byteOffset, BATCH_HEADER_BYTES / 4);
    requireBatch(header[0] === BATCH_MAGIC, 'the magic number is missing');
    const [, , rows, leaves, heapBytes, dictionaryBytes, total] = header as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const at = layout(rows, leaves, dictionaryBytes, heapBytes);
    requireBatch(rows <= BATCH_ROWS_MAX && at.end === total && byteOffset + total <= buffer.byteLength, 'its lengths disagree');
    const from = (offset: number): number => byteOffset + offset;
    this.rows = rows;
    this.leaves = leaves;
    this.bytes = new Uint8Array(buffer, byteOffset, total);
    this.time = new Float64Array(buffer, from(at.time), rows);
    this.received = new Float64Array(buffer, from(at.received), rows);
    this.leafNumber = new Float64Array(buffer, from(at.leafValue), leaves);
    this.leafText = new Uint32Array(buffer, from(at.leafValue), leaves * 2);
    this.msgStart = new Uint32Array(buffer, from(at.msgStart), rows);
    this.msgLength = new Uint32Array(buffer, from(at.msgLength), rows);
    this.leafStart = new Uint32Array(buffer, from(at.leafStart), rows + 1);
    this.pid = new Int32Array(buffer, from(at.pid), rows);
    this.origin = new Uint16Array(buffer, from(at.origin), rows);
    this.host = new Uint16Array(buffer, from(at.host), rows);
    this.pname = new Uint16Array(buffer, from(at.pname), rows);
    this.msgid = new Uint16Array(buffer, from(at.msgid), rows);
    this.shape = new Uint16Array(buffer, from(at.shape), rows);
    this.severity = new Uint8Array(buffer, from(at.severity), rows);
    this.facility = new Uint8Array(buffer, from(at.facility), rows);
    this.ver = new Uint8Array(buffer, from(at.ver), rows);
    this.flags = new Uint8Array(buffer, from(at.flags), rows);
    this.leafTag = new Uint8Array(buffer, from(at.leafTag), leaves);
    this.dictionaryBytes = Buffer.from(buffer, from(at.dictionaries), dictionaryBytes);
    this.heap = Buffer.from(buffer, from(at.heap), heapBytes);
  }

  get dictionaries(): Dictionaries {
    return (this.dictionaries_ ??= JSON.parse(this.dictionaryBytes.utf8Slice()) as Dictionaries);
  }

  /** The pid of a row as the text that was sent. */
  pidText(row: number): string {
    const pid = this.pid[row]!;
    if (pid >= 0) return String(pid);
    return pid === PID_NIL ? '-' : this.dictionaries.strings[-2 - pid]!;
  }

  /** The msg of a row, undefined when it has none. */
  msg(row: number): string | undefined {
    const length = this.msgLength[row]!;
    if (length === MSG_ABSENT) return undefined;
    const start = this.msgStart[row]!;
    return this.heap.utf8Slice(start, start + length);
  }

  /** The text of a leaf whose tag is LEAF.string or LEAF.numberText. */
  leafString(leaf: number): string {
    const start = this.leafText[2 * leaf]!;
    return this.heap.utf8Slice(start, start + this.leafText[2 * leaf + 1]!);
  }
}
