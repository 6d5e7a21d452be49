import { wordsOf, type QueryEvent } from '@meniscus/query';
import { ABSENT } from '../../event/batch.ts';
import { BatchBuilder } from '../../event/batch-builder.ts';
import { LEAF } from '../../event/leaf.ts';
import type { ShapeTrie, TrieNode } from '../../event/shape-trie.ts';
import type { Block, Column, ColumnInfo, Snapshot } from '../../store/block.ts';
import { groupRows, slice } from '../../store/columns/order.ts';
import { columnTools, RowBlock } from '../../store/columns/row-block.ts';
import { RowSource } from '../../store/columns/row-source.ts';

/** An event for tests: what `compilePredicate` reads, and what a store needs. */
export type TestEvent = Omit<QueryEvent, 'time'> & { readonly time: number; readonly ver?: number };

export const TENANT = 7;

export interface BlocksOptions {
  /** Rows of a block at most. */
  readonly rows?: number;
  /** Leaf columns of a block at most. */
  readonly columns?: number;
  /** True: like a block of a segment, whose columns are described and which has a word filter. False: like hot data. */
  readonly described?: boolean;
  readonly shard?: number;
  /** Queue position of the first event. */
  readonly position?: number;
}

function addEvent(builder: BatchBuilder, event: TestEvent): void {
  builder.begin(event.received ?? event.time);
  builder.time = event.time;
  const producer = { id: null, name: event.producer ?? null, pattern: 'default', durable: false, encrypted: false, sinks: ['store'] };
  builder.origin = builder.originIndex(TENANT, JSON.stringify(producer));
  builder.host = builder.stringIndex(event.host ?? '-');
  builder.pname = builder.stringIndex(event.pname ?? '-');
  builder.msgid = builder.stringIndex(event.msgid ?? '-');
  builder.pid = builder.pidValue(event.pid ?? '-');
  builder.severity = event.severity ?? ABSENT;
  builder.facility = event.facility ?? ABSENT;
  builder.ver = event.ver ?? 0;
  if (typeof event.msg === 'string') builder.msgText(event.msg);
  if (event.native) builder.native(event.native);
  if (event.normalized) addNormalized(builder, event.normalized);
  builder.commit();
}

/** Rulebases add to a shape what they find; here it is added by the same walk as native. */
function addNormalized(builder: BatchBuilder, normalized: object): void {
  const open = builder as unknown as { shape: TrieNode; trie: ShapeTrie };
  open.shape = open.trie.member(open.shape, 'normalized', normalized, builder);
}

/** Events as a batch of the queue. */
export function makeBatch(events: readonly TestEvent[]): ArrayBuffer {
  const builder = new BatchBuilder(64 << 20);
  for (const event of events) addEvent(builder, event);
  return builder.seal();
}

/** Events in the order of their arrival as blocks, and the rows that each has. */
export function makeBlocks(events: readonly TestEvent[], options: BlocksOptions = {}): Block[] {
  if (events.length === 0) return [];
  const source = RowSource.ofBatch(makeBatch(events), options.position ?? 1_000);
  const tools = columnTools();
  const size = options.rows ?? 16_384;
  const blocks: Block[] = [];
  for (const group of groupRows([source], [0], () => true))
    for (let from = 0; from < group.row.length; from += size) {
      const refs = slice(group, from, Math.min(from + size, group.row.length));
      const block = new RowBlock(options.shard ?? 0, refs, [source], tools, options.columns ?? 1_000);
      blocks.push(options.described === true ? new DescribedBlock(block) : block);
    }
  return blocks;
}

/** A block in memory that looks like one of a segment. */
class DescribedBlock implements Block {
  readonly storedBytes = 1;
  private readonly inner: RowBlock;
  private readonly words = new Set<string>();
  private readonly cached = new Map<string, Column | undefined>();
  private readonly infos: ReadonlyMap<string, ColumnInfo>;

  constructor(inner: RowBlock) {
    this.inner = inner;
    this.infos = new Map(inner.columns());
    for (const name of this.infos.keys()) if (name !== 'pid' && name !== 'producer') this.addWords(inner.column(name)!);
  }

  private addWords(column: Column): void {
    const { strings } = column;
    if (strings === null) return;
    for (let entry = 0; entry < column.entries; entry++) {
      if ((column.tags?.[entry] ?? column.tag) !== LEAF.string) continue;
      const text = strings.kind === 'text' ? strings.value(entry) : strings.values[strings.index[entry]!]!;
      for (const word of wordsOf(text)) this.words.add(word);
    }
  }

  get shard(): number {
    return this.inner.shard;
  }
  get rows(): number {
    return this.inner.rows;
  }
  get minTime(): number {
    return this.inner.minTime;
  }
  get maxTime(): number {
    return this.inner.maxTime;
  }
  get minReceived(): number {
    return this.inner.minReceived;
  }
  get maxReceived(): number {
    return this.inner.maxReceived;
  }
  mayContain(word: string): boolean {
    return this.words.has(word);
  }
  columns(): ReadonlyMap<string, ColumnInfo> {
    return this.infos;
  }
  time(): Float64Array {
    return this.inner.time();
  }
  received(): Float64Array {
    return this.inner.received();
  }
  position(): Float64Array {
    return this.inner.position();
  }
  shapes(): { readonly index: Uint16Array; readonly texts: readonly string[] } {
    return this.inner.shapes();
  }
  column(name: string): Column | undefined {
    if (!this.cached.has(name)) this.cached.set(name, this.inner.column(name));
    return this.cached.get(name);
  }
}

/** A view over blocks of one tenant. */
export class MemorySnapshot implements Snapshot {
  released = false;
  private readonly all: readonly Block[];

  constructor(blocks: readonly Block[]) {
    this.all = blocks;
  }

  blocks(tenant: number, from: number, to: number): Block[] {
    if (tenant !== TENANT) return [];
    return this.all.filter((block) => block.minTime < to && block.maxTime >= from).sort((a, b) => b.maxTime - a.maxTime);
  }

  find(tenant: number, shard: number, position: number, receivedMs: number): { readonly block: Block; readonly row: number } | undefined {
    for (const block of tenant === TENANT ? this.all : []) {
      const row = block.shard === shard ? block.position().indexOf(position) : -1;
      if (row >= 0 && Math.floor(block.received()[row]! / 1000) === receivedMs) return { block, row };
    }
    return undefined;
  }

  release(): void {
    this.released = true;
  }
}
