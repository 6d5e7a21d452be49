import { limits } from '../../limits.ts';
import type { TenantChange } from '../../control/tenant.ts';
import type { HotBatch, Manifest } from '../../threads/messages.ts';
import { columnTools } from '../columns/row-block.ts';
import { parseSegmentName } from '../segment/names.ts';
import { SegmentFile } from '../segment/segment-file.ts';
import { hashWord } from '../words/words.ts';
import { Cache } from './cache.ts';
import { HotShard } from './hot-shard.ts';
import type { BlockContext } from './segment-block.ts';
import { OpenSegment } from './open-segment.ts';
import { ViewSnapshot } from './snapshot.ts';

/** Word filters and indexes of segments kept by all query threads together, as the columns are. */
const FILTER_CACHE_BYTES = 128 << 20;
const INDEX_CACHE_BYTES = 64 << 20;
const WORDS_REMEMBERED = 10_000;

export interface ViewOptions {
  /** The part of what may be kept that this view may keep: 1 when it is the only one. */
  readonly cacheShare?: number;
  /** What is in no segment yet is there with the rows that the store does not keep. */
  readonly whole?: boolean;
  /** Called when a segment cannot be read; once for each. */
  readonly report?: (segment: string, error: unknown) => void;
}

/** A hash of a word for each word asked for lately. */
function rememberedHashes(): (word: string) => number | undefined {
  const hashes = new Map<string, number | undefined>();
  return (word) => {
    if (!hashes.has(word)) {
      if (hashes.size >= WORDS_REMEMBERED) hashes.clear();
      hashes.set(word, hashWord(word));
    }
    return hashes.get(word);
  };
}

/**
 * The store as one query thread sees it: open segments, and hot batches that are in none yet. What the build thread's manifests and the ingest threads'
 * batches say is applied at once; snapshots taken before do not change.
 */
export class StoreView {
  private readonly directory: string;
  private readonly report: (segment: string, error: unknown) => void;
  private readonly context: BlockContext;
  private readonly indexes: Cache;
  private readonly whole: boolean;
  private readonly tools = columnTools();
  private readonly segments = new Map<string, OpenSegment>();
  private readonly unreadable = new Set<string>();
  private readonly hot = new Map<number, HotShard>();
  private readonly covered = new Map<number, number>();
  private readonly removedTenants = new Set<number>();
  private generation = 0;

  constructor(directory: string, options: ViewOptions = {}) {
    this.directory = directory;
    this.report = options.report ?? (() => {});
    const { cacheShare = 1, whole = false } = options;
    this.whole = whole;
    this.indexes = new Cache(INDEX_CACHE_BYTES * cacheShare);
    this.context = {
      columns: new Cache(limits.columnCacheBytes * cacheShare),
      filters: new Cache(FILTER_CACHE_BYTES * cacheShare),
      hash: rememberedHashes(),
    };
  }

  /** Applies what came and went, whole. */
  applyManifest(message: Manifest): void {
    // Those that could not be opened may be now, when the process had too many files open.
    for (const name of [...this.unreadable, ...message.added]) this.open(name);
    for (const name of message.removed) this.remove(name);
    for (const [shard, position] of Object.entries(message.covered)) this.cover(Number(shard), position);
  }

  /** Makes a batch visible, unless its rows are in segments already. */
  addHot(batch: HotBatch): void {
    const covered = this.covered.get(batch.shard) ?? 0;
    if (batch.position + batch.rows <= covered || batch.rows === 0) return;
    this.shard(batch.shard).add({
      position: batch.position,
      rows: batch.rows,
      bytes: batch.bytes,
      skip: Math.max(0, covered - batch.position),
    });
  }

  /** A removed tenant has no blocks from now on. Numbers are never reused, so that this is for good. */
  updateDirectory(changes: readonly TenantChange[]): void {
    for (const change of changes) if (change.type === 'remove') this.removedTenants.add(change.number);
  }

  snapshot(): ViewSnapshot {
    const hot = [...this.hot.values()].map((shard) => ({ shard, end: shard.end }));
    return new ViewSnapshot([...this.segments.values()], hot, this.removedTenants, [...this.unreadable]);
  }

  /** The position behind everything that is there, by shard; shards 0 to `shards` - 1 are among them. */
  ends(shards: number): Map<number, number> {
    const ends = new Map<number, number>();
    for (let shard = 0; shard < shards; shard++) ends.set(shard, 0);
    for (const [shard, position] of this.covered) ends.set(shard, position);
    for (const [shard, hot] of this.hot) ends.set(shard, Math.max(ends.get(shard) ?? 0, hot.end));
    return ends;
  }

  /** Closes the files that no snapshot uses; the others are closed when they are released. */
  close(): void {
    for (const segment of this.segments.values()) segment.release();
    this.segments.clear();
    this.hot.clear();
  }

  private open(name: string): void {
    const parsed = parseSegmentName(name);
    if (parsed === undefined || this.segments.has(name)) return;
    try {
      const file = new SegmentFile(this.directory, parsed);
      this.segments.set(name, new OpenSegment(file, this.indexes, this.context, this.report));
      this.unreadable.delete(name);
    } catch (error) {
      if (!this.unreadable.has(name)) this.report(name, error);
      this.unreadable.add(name);
    }
  }

  private remove(name: string): void {
    this.unreadable.delete(name);
    const segment = this.segments.get(name);
    if (segment === undefined) return;
    this.segments.delete(name);
    segment.release();
    const isOfIt = (key: string): boolean => key.startsWith(name);
    this.indexes.drop(isOfIt);
    this.context.filters.drop(isOfIt);
    this.context.columns.drop(isOfIt);
  }

  private shard(shard: number): HotShard {
    let hot = this.hot.get(shard);
    if (hot === undefined) this.hot.set(shard, (hot = this.newShard(shard)));
    return hot;
  }

  private newShard(shard: number): HotShard {
    return new HotShard(shard, this.tools, this.context, `hot:${shard}:${this.generation++}:`, this.whole);
  }

  /** Drops the batches that are in segments; snapshots keep the old shard with them. */
  private cover(shard: number, position: number): void {
    if (position <= (this.covered.get(shard) ?? 0)) return;
    this.covered.set(shard, position);
    const old = this.hot.get(shard);
    if (old === undefined) return;
    const fresh = this.newShard(shard);
    for (const batch of old.batches) {
      if (batch.position + batch.rows > position) fresh.add({ ...batch, skip: Math.max(batch.skip, position - batch.position) });
    }
    this.hot.set(shard, fresh);
    const isOfIt = (key: string): boolean => key.startsWith(`hot:${shard}:`);
    this.context.filters.drop(isOfIt);
    this.context.columns.drop(isOfIt);
  }
}
