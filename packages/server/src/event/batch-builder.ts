import { ABSENT, BATCH_HEADER_BYTES, BATCH_MAGIC, BATCH_ROWS_MAX, layout, MSG_ABSENT, PID_NIL, type Layout, type Origin } from './batch.ts';
import { LEAF, NumberText } from './leaf.ts';
import { AS_STRING, LeafList } from './leaf-list.ts';
import { ShapeTrie, type LeafSink, type LeafValue, type TrieNode } from './shape-trie.ts';

/** Above so many nodes the trie of shapes starts afresh with the next batch: memory stays bounded whatever senders invent. */
const TRIE_NODES_MAX = 200_000;
/** A batch is full with so many distinct strings or shapes: indexes are 16 bits. */
const DICTIONARY_MAX = 60_000;
const SHAPES_MAX = 4_096;
/** Tag and payload. */
const LEAF_BYTES = 9;
const PID = /^(?:0|[1-9]\d{0,8})$/;

/** Adds the fields of `normalized` to rows of one origin. */
export interface RowNormalizer {
  /** Called at the commit of a row that has a msg; adds members to the row by `openNormalized` and what follows it, or nothing. */
  normalize(row: BatchBuilder): void;
}

/**
 * Collects events as columns until `seal` makes a batch of them. One per ingest thread, reused. Callers fill the fields of the row under
 * construction and then call `commit`; nothing is allocated per event but what the texts need.
 *
 *     const row = builder; row.begin(receivedMicros); row.time = ...; row.origin = builder.originIndex(...); row.msgBytes(chunk, from, to); row.commit();
 */
export class BatchBuilder implements LeafSink {
  /** Committed rows. */
  rows = 0;

  // The row under construction; `begin` resets it.
  time = 0;
  received = 0;
  origin = 0;
  host = 0;
  pname = 0;
  msgid = 0;
  pid = PID_NIL;
  severity = ABSENT;
  facility = ABSENT;
  ver = 0;
  flags = 0;
  /** A number of this row is beyond 2^53: a double may not be what was sent. */
  largeNumber = false;
  private msgStart = 0;
  private msgLength = MSG_ABSENT;
  private shape: TrieNode;
  private inNative = false;

  private readonly times = new Float64Array(BATCH_ROWS_MAX);
  private readonly receiveds = new Float64Array(BATCH_ROWS_MAX);
  private readonly msgStarts = new Uint32Array(BATCH_ROWS_MAX);
  private readonly msgLengths = new Uint32Array(BATCH_ROWS_MAX);
  private readonly leafStarts = new Uint32Array(BATCH_ROWS_MAX + 1);
  private readonly pids = new Int32Array(BATCH_ROWS_MAX);
  private readonly origins = new Uint16Array(BATCH_ROWS_MAX);
  private readonly hosts = new Uint16Array(BATCH_ROWS_MAX);
  private readonly pnames = new Uint16Array(BATCH_ROWS_MAX);
  private readonly msgids = new Uint16Array(BATCH_ROWS_MAX);
  private readonly shapes = new Uint16Array(BATCH_ROWS_MAX);
  private readonly severities = new Uint8Array(BATCH_ROWS_MAX);
  private readonly facilities = new Uint8Array(BATCH_ROWS_MAX);
  private readonly vers = new Uint8Array(BATCH_ROWS_MAX);
  private readonly flagses = new Uint8Array(BATCH_ROWS_MAX);

  private readonly leaves = new LeafList();

  private heap = Buffer.allocUnsafeSlow(2 << 20);
  private heapUsed = 0;
  /** Where texts lie in the heap that rows have again and again. */
  private constants = new Map<string, { readonly from: number; readonly to: number }>();
  private texts: string[] = [];
  private textUnits = 0;
  private dictionaryUnits = 0;

  private strings = new Map<string, number>();
  private originList: Origin[] = [];
  /** By origin. */
  private normalizers: (RowNormalizer | undefined)[] = [];
  private readonly originIndexes = new Map<number, Map<string, number>>();
  private shapeTexts: string[] = [];
  private trie: ShapeTrie;
  private epoch = 0;
  private readonly bytesMax: number;
  private readonly depthMax: number;
  private undo = { heapUsed: 0, texts: 0, textUnits: 0, leaves: 0 };
  /** What the row was before `openNormalized`. */
  private plain = { shape: undefined as TrieNode | undefined, texts: 0, textUnits: 0, leaves: 0 };
  private normalizerOf: (origin: Origin) => RowNormalizer | undefined = () => undefined;

  /** `bytesMax`: about so many bytes make a batch full. `depthMax`: nesting of native that is refused with TooDeep. */
  constructor(bytesMax = 1 << 20, depthMax = 64) {
    this.bytesMax = bytesMax;
    this.depthMax = depthMax;
    this.trie = new ShapeTrie(depthMax);
    this.shape = this.trie.root;
  }

  /** About the bytes held: texts, dictionaries and leaves. */
  get bytes(): number {
    return this.heapUsed + this.textUnits + this.dictionaryUnits + this.leaves.count * LEAF_BYTES;
  }

  /** Full: `seal` before the next row. */
  get full(): boolean {
    return (
      this.rows >= BATCH_ROWS_MAX ||
      this.bytes >= this.bytesMax ||
      this.strings.size >= DICTIONARY_MAX ||
      this.shapeTexts.length >= SHAPES_MAX ||
      this.originList.length >= DICTIONARY_MAX
    );
  }

  /** Starts a row with everything absent. `received`: microseconds since the epoch. */
  begin(received: number): void {
    this.time = received;
    this.received = received;
    this.pid = PID_NIL;
    this.severity = ABSENT;
    this.facility = ABSENT;
    this.ver = 0;
    this.flags = 0;
    this.largeNumber = false;
    this.msgLength = MSG_ABSENT;
    this.shape = this.trie.root;
    this.inNative = false;
    const undo = this.undo;
    undo.heapUsed = this.heapUsed;
    undo.texts = this.texts.length;
    undo.textUnits = this.textUnits;
    undo.leaves = this.leaves.count;
  }

  /** Drops the row under construction. */
  abandon(): void {
    const undo = this.undo;
    this.heapUsed = undo.heapUsed;
    this.texts.length = undo.texts;
    this.textUnits = undo.textUnits;
    this.leaves.count = undo.leaves;
  }

  /** Index of a host, pname, msgid or unusual pid. */
  stringIndex(text: string): number {
    let index = this.strings.get(text);
    if (index === undefined) {
      index = this.strings.size;
      this.strings.set(text, index);
      this.dictionaryUnits += text.length;
    }
    return index;
  }

  /** Index of a tenant (by its internal number) with a producer (JSON text). */
  originIndex(tenant: number, producer: string): number {
    let byProducer = this.originIndexes.get(tenant);
    if (byProducer === undefined) this.originIndexes.set(tenant, (byProducer = new Map()));
    let index = byProducer.get(producer);
    if (index === undefined) {
      index = this.originList.length;
      this.dictionaryUnits += producer.length;
      const origin = { tenant, producer };
      this.originList.push(origin);
      this.normalizers.push(this.normalizerOf(origin));
      byProducer.set(producer, index);
    }
    return index;
  }

  /** Asked once for each origin of a batch; call it again when the answers change: rows that follow are normalized by the new ones. */
  normalizeBy(normalizerOf: (origin: Origin) => RowNormalizer | undefined): void {
    this.normalizerOf = normalizerOf;
    this.normalizers = this.originList.map(normalizerOf);
  }

  /** The value of `pid` for a text. */
  pidValue(text: string): number {
    if (text === '-') return PID_NIL;
    return PID.test(text) ? Number(text) : -2 - this.stringIndex(text);
  }

  /** Sets msg to bytes that are valid UTF-8; they are copied. */
  msgBytes(source: Buffer, from: number, to: number): void {
    const length = to - from;
    const end = this.heapUsed + length;
    if (end > this.heap.length) this.growHeap(end);
    source.copy(this.heap, this.heapUsed, from, to);
    this.msgStart = this.heapUsed;
    this.msgLength = length;
    this.heapUsed = end;
  }

  /** Sets msg to a text; lone surrogates become U+FFFD. */
  msgText(text: string): void {
    this.msgStart = AS_STRING | this.texts.length;
    this.msgLength = 0;
    this.addText(text);
  }

  /** Sets `native`. Throws TooDeep (then `abandon` the row). */
  native(value: object): void {
    this.shape = this.trie.member(this.shape, 'native', value, this);
  }

  /** Sets `normalized`, whole; after `native`. Throws TooDeep (then `abandon` the row). */
  normalizedObject(value: object): void {
    this.shape = this.trie.member(this.shape, 'normalized', value, this);
  }

  /** Adds one member to `native`; `nativeEnd` when all are there. Throws TooDeep (then `abandon` the row). */
  nativeMember(key: string, value: unknown): void {
    if (!this.inNative) {
      this.inNative = true;
      this.shape = this.trie.open(this.shape, 'native');
    }
    this.shape = this.trie.add(this.shape, key, value, this);
  }

  nativeEnd(): void {
    if (this.inNative) this.shape = this.trie.close(this.shape);
    this.inNative = false;
  }

  /**
   * For normalizers: the bytes of the row's msg as a range of `heap`, in `msgFrom` and `msgTo`; a msg that was given as a text moves there. False when it is longer
   * than `bytesMax`.
   */
  msgInHeap(bytesMax: number): boolean {
    // A 32-bit mark makes the number negative.
    if (this.msgStart >= 0) return this.msgLength <= bytesMax;
    const index = this.msgStart & ~AS_STRING;
    const text = this.texts[index]!;
    if (text.length > bytesMax) return false;
    const end = this.heapUsed + 3 * text.length;
    if (end > this.heap.length) this.growHeap(end);
    const length = this.heap.utf8Write(text, this.heapUsed);
    this.msgStart = this.heapUsed;
    this.msgLength = length;
    this.heapUsed += length;
    this.texts[index] = '';
    this.textUnits -= text.length;
    return length <= bytesMax;
  }

  get heapBytes(): Buffer {
    return this.heap;
  }

  get msgFrom(): number {
    return this.msgStart;
  }

  get msgTo(): number {
    return this.msgStart + this.msgLength;
  }

  /** Begins `normalized` with the object of a pattern in it; its members follow, each name once, then `closeNormalized` or `dropNormalized`. */
  openNormalized(pattern: string): void {
    const plain = this.plain;
    plain.shape = this.shape;
    plain.texts = this.texts.length;
    plain.textUnits = this.textUnits;
    plain.leaves = this.leaves.count;
    this.shape = this.trie.open(this.trie.open(this.shape, 'normalized'), pattern);
  }

  closeNormalized(): void {
    this.shape = this.trie.close(this.trie.close(this.shape));
  }

  /** Takes back all since `openNormalized`; constants stay in the heap for the next row that has them. */
  dropNormalized(): void {
    const plain = this.plain;
    this.shape = plain.shape!;
    this.texts.length = plain.texts;
    this.textUnits = plain.textUnits;
    this.leaves.count = plain.leaves;
  }

  /** A member whose value is a part of the heap, valid UTF-8: nothing is copied. */
  heapMember(key: string, from: number, to: number): void {
    this.leaves.heap(from, to);
    this.shape = this.trie.leaf(this.shape, key);
  }

  /** A member whose value is a text, or an array of texts, that many rows of the batch have: it is held once. */
  constantMember(key: string, value: string | readonly string[]): void {
    if (typeof value === 'string') {
      const { from, to } = this.constant(value);
      this.heapMember(key, from, to);
      return;
    }
    this.shape = this.trie.openArray(this.shape, key);
    for (const text of value) {
      const { from, to } = this.constant(text);
      this.leaves.heap(from, to);
      this.shape = this.trie.elementLeaf(this.shape);
    }
    this.shape = this.trie.close(this.shape);
  }

  /** A member whose value is a number. */
  numberMember(key: string, value: number): void {
    this.leaves.number(value);
    this.shape = this.trie.leaf(this.shape, key);
  }

  /** A member of any value. Throws TooDeep (then `dropNormalized`). */
  member(key: string, value: unknown): void {
    this.shape = this.trie.add(this.shape, key, value, this);
  }

  /** Bytes that the row's `normalized` has added so far. */
  get normalizedBytes(): number {
    const { plain } = this;
    return this.textUnits - plain.textUnits + (this.leaves.count - plain.leaves) * LEAF_BYTES;
  }

  /** Adds a leaf: called by the walk over native. */
  leaf(value: LeafValue): void {
    const { leaves } = this;
    if (typeof value === 'string') {
      leaves.string(LEAF.string, this.texts.length);
      this.addText(value);
    } else if (typeof value === 'number') {
      leaves.number(value);
      if (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER) this.largeNumber = true;
    } else if (value instanceof NumberText) {
      leaves.string(LEAF.numberText, this.texts.length);
      this.addText(value.text);
    } else leaves.simple(value === null ? LEAF.null : value ? LEAF.true : LEAF.false);
  }

  /** Ends the row: it is part of the batch from now on. */
  commit(): void {
    const normalizer = this.normalizers[this.origin];
    if (normalizer !== undefined && this.msgLength !== MSG_ABSENT) normalizer.normalize(this);
    const row = this.rows++;
    this.times[row] = this.time;
    this.receiveds[row] = this.received;
    this.msgStarts[row] = this.msgStart;
    this.msgLengths[row] = this.msgLength;
    this.pids[row] = this.pid;
    this.origins[row] = this.origin;
    this.hosts[row] = this.host;
    this.pnames[row] = this.pname;
    this.msgids[row] = this.msgid;
    this.severities[row] = this.severity;
    this.facilities[row] = this.facility;
    this.vers[row] = this.ver;
    this.flagses[row] = this.flags;
    this.shapes[row] = this.shapeIndex(this.shape);
    this.leafStarts[row + 1] = this.leaves.count;
  }

  /** Makes the batch, whole and independent of the builder, and starts the next one. There must be rows. */
  seal(): ArrayBuffer {
    const { joined, starts, lengths, bytes } = this.placeTexts();
    const dictionaries = Buffer.from(
      JSON.stringify({ strings: [...this.strings.keys()], origins: this.originList, shapes: this.shapeTexts }),
      'utf8',
    );
    const at = layout(this.rows, this.leaves.count, dictionaries.length, this.heapUsed + bytes);
    const buffer = new ArrayBuffer(at.end);
    const header = new Uint32Array(buffer, 0, BATCH_HEADER_BYTES / 4);
    header.set([BATCH_MAGIC, 1, this.rows, this.leaves.count, this.heapUsed + bytes, dictionaries.length, at.end]);
    const out = Buffer.from(buffer);
    this.resolveTexts(starts, lengths);
    this.copyColumns(out, at);
    dictionaries.copy(out, at.dictionaries);
    this.heap.copy(out, at.heap, 0, this.heapUsed);
    out.utf8Write(joined, at.heap + this.heapUsed, bytes);
    this.reset();
    return buffer;
  }

  private constant(text: string): { readonly from: number; readonly to: number } {
    let place = this.constants.get(text);
    if (place === undefined) {
      const from = this.heapUsed;
      if (from + 3 * text.length > this.heap.length) this.growHeap(from + 3 * text.length);
      this.heapUsed += this.heap.utf8Write(text, from);
      this.constants.set(text, (place = { from, to: this.heapUsed }));
    }
    return place;
  }

  private addText(text: string): void {
    this.texts.push(text);
    this.textUnits += text.length;
  }

  private shapeIndex(node: TrieNode): number {
    if (node.epoch !== this.epoch) {
      node.epoch = this.epoch;
      node.shapeIndex = this.shapeTexts.length;
      const { text } = node;
      this.shapeTexts.push(text);
      this.dictionaryUnits += text.length;
    }
    return node.shapeIndex;
  }

  /** Where each text added as a string will lie in the heap, in bytes. */
  private placeTexts() {
    const joined = this.texts.join('');
    const bytes = Buffer.byteLength(joined);
    const ascii = bytes === joined.length;
    const starts = new Uint32Array(this.texts.length);
    const lengths = new Uint32Array(this.texts.length);
    let at = this.heapUsed;
    for (let i = 0; i < starts.length; i++) {
      const length = ascii ? this.texts[i]!.length : Buffer.byteLength(this.texts[i]!);
      starts[i] = at;
      lengths[i] = length;
      at += length;
    }
    if (at - this.heapUsed !== bytes) return this.wellFormed();
    return { joined, starts, lengths, bytes };
  }

  /** Halves of a surrogate pair at the ends of two texts would join: make every text well-formed first. */
  private wellFormed(): { joined: string; starts: Uint32Array; lengths: Uint32Array; bytes: number } {
    this.texts = this.texts.map((text) => text.toWellFormed());
    return this.placeTexts();
  }

  private resolveTexts(starts: Uint32Array, lengths: Uint32Array): void {
    if (starts.length === 0) return;
    for (let row = 0; row < this.rows; row++) {
      const start = this.msgStarts[row]!;
      if (this.msgLengths[row] === MSG_ABSENT || start < AS_STRING) continue;
      this.msgStarts[row] = starts[start - AS_STRING]!;
      this.msgLengths[row] = lengths[start - AS_STRING]!;
    }
    this.leaves.resolve(starts, lengths);
  }

  private copyColumns(out: Buffer, at: Layout): void {
    const rows = this.rows;
    const put = (offset: number, column: Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array, count: number): void => {
      out.set(new Uint8Array(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT), offset);
    };
    put(at.time, this.times, rows);
    put(at.received, this.receiveds, rows);
    put(at.leafValue, this.leaves.values, this.leaves.count);
    put(at.msgStart, this.msgStarts, rows);
    put(at.msgLength, this.msgLengths, rows);
    put(at.leafStart, this.leafStarts, rows + 1);
    put(at.pid, this.pids, rows);
    put(at.origin, this.origins, rows);
    put(at.host, this.hosts, rows);
    put(at.pname, this.pnames, rows);
    put(at.msgid, this.msgids, rows);
    put(at.shape, this.shapes, rows);
    put(at.severity, this.severities, rows);
    put(at.facility, this.facilities, rows);
    put(at.ver, this.vers, rows);
    put(at.flags, this.flagses, rows);
    put(at.leafTag, this.leaves.tags, this.leaves.count);
  }

  private reset(): void {
    this.rows = 0;
    this.leaves.count = 0;
    this.heapUsed = 0;
    this.constants.clear();
    this.texts = [];
    this.textUnits = 0;
    this.dictionaryUnits = 0;
    this.strings = new Map();
    this.originList = [];
    this.normalizers = [];
    this.originIndexes.clear();
    this.shapeTexts = [];
    this.epoch++;
    if (this.trie.size > TRIE_NODES_MAX) this.trie = new ShapeTrie(this.depthMax);
  }

  private growHeap(needed: number): void {
    const heap = Buffer.allocUnsafeSlow(Math.max(this.heap.length * 2, needed));
    this.heap.copy(heap, 0, 0, this.heapUsed);
    this.heap = heap;
  }
}
