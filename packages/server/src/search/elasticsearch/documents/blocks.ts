import { ABSENT, ROW_TIME_RECEIVED } from '../../../event/batch.ts';
import { BatchBuilder } from '../../../event/batch-builder.ts';
import { TooDeep } from '../../../event/shape-trie.ts';
import { limits } from '../../../limits.ts';
import { groupRows, slice } from '../../../store/columns/order.ts';
import { columnTools } from '../../../store/columns/row-block.ts';
import { RowSource } from '../../../store/columns/row-source.ts';
import { LiveBlock } from '../../store/tail/live-block.ts';
import { producerOf, type FoundEvent } from './document.ts';

/** Deeper documents than any event that was let in. */
const DEPTH_MAX = 200;
/** The tenant of all rows: a search is one tenant's, so it does not matter which number stands for it. */
const TENANT = 1;

/** Some events of one shard, as columns; `bytes` is about what they hold in memory. */
export interface FoundBlock {
  readonly block: LiveBlock;
  readonly bytes: number;
}

/** Makes blocks, which the store's searches read, of events that were found in an index. One per thread: it has the memory for a batch. */
export class BlockMaker {
  private readonly builder = new BatchBuilder(limits.blockBytes, DEPTH_MAX);
  private readonly tools = columnTools();

  /** In no order; of events of the same shard and day of receipt in the order of their times. */
  make(events: readonly FoundEvent[]): FoundBlock[] {
    const shards = new Map<number, FoundEvent[]>();
    for (const event of events) {
      const mine = shards.get(event.origin.shard);
      if (mine === undefined) shards.set(event.origin.shard, [event]);
      else mine.push(event);
    }
    return [...shards].flatMap(([shard, mine]) => this.ofShard(shard, mine));
  }

  private ofShard(shard: number, events: readonly FoundEvent[]): FoundBlock[] {
    const blocks: FoundBlock[] = [];
    let positions: number[] = [];
    const seal = (): void => {
      if (positions.length === 0) return;
      const bytes = this.builder.seal();
      const source = RowSource.ofWholeBatch(bytes, 0, Float64Array.from(positions));
      blocks.push(...this.ofSource(shard, source, bytes.byteLength));
      positions = [];
    };
    for (const event of events) {
      if (this.builder.full) seal();
      if (this.add(event)) positions.push(event.origin.position);
    }
    seal();
    return blocks;
  }

  private ofSource(shard: number, source: RowSource, bytes: number): FoundBlock[] {
    const { rows } = source.rows;
    return groupRows([source], [0], () => true).map((group) => {
      const refs = slice(group, 0, group.row.length);
      return { block: new LiveBlock(shard, refs, [source], this.tools, limits.blockColumns), bytes: (bytes * refs.row.length) / rows };
    });
  }

  private add(event: FoundEvent): boolean {
    const { builder } = this;
    builder.begin(event.received);
    try {
      this.fill(event);
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      builder.abandon();
      return false;
    }
    builder.commit();
    return true;
  }

  private fill({ document, time }: FoundEvent): void {
    const { builder } = this;
    builder.time = time;
    builder.origin = builder.originIndex(TENANT, JSON.stringify(producerOf(document)));
    builder.host = builder.stringIndex(document.host ?? '-');
    builder.pname = builder.stringIndex(document.pname ?? '-');
    builder.msgid = builder.stringIndex(document.msgid ?? '-');
    builder.pid = builder.pidValue(document.pid ?? '-');
    builder.severity = document.severity ?? ABSENT;
    builder.facility = document.facility ?? ABSENT;
    builder.ver = Number(document.ver ?? 0);
    if (document.meniscus.time_source === 'received') builder.flags = ROW_TIME_RECEIVED;
    if (document.msg !== undefined) builder.msgText(document.msg);
    if (typeof document.native === 'object' && document.native !== null) builder.native(document.native);
    if (typeof document.normalized === 'object' && document.normalized !== null) builder.normalizedObject(document.normalized);
  }
}
