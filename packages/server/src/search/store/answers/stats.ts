import { MeniscusError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { Block } from '../../../store/block.ts';
import type { Metric, SearchRequest } from '../../search.ts';
import type { Selection } from '../evaluate/mask.ts';
import { FieldSource } from '../fields/field-source.ts';
import { Groups } from '../fields/groups.ts';
import { reading, scopeBlocks, selectRows, type SearchContext } from '../scope.ts';
import { bucketOf, bucketRange, bucketTime, makeBuckets, type Buckets } from './buckets.ts';
import { Accumulator, feed, metricName } from './metrics.ts';

type StatsRequest = Extract<SearchRequest, { kind: 'stats' }>;

/** Groups times buckets of an answer. */
const CELLS_MAX = 100_000;
/** Selections and groups of rows kept from the first pass for the second; above it they are found again. */
const KEPT_BYTES = 48 << 20;
/** Looks at the memory of the accumulators are this many blocks apart. */
const BLOCKS_A_LOOK = 16;

/** A block as the first pass left it. */
interface Visited {
  readonly block: Block;
  readonly rows: Selection;
  readonly groups: Int32Array;
}

/**
 * `stats`: metrics of groups of events, by time if wanted. The groups with most events are listed; all other events are in `other`, so that nothing
 * is left out. Two passes: the first finds the groups and their sizes, the second has accumulators for the listed ones only, so that memory does
 * not grow with the number of groups.
 *
 * Counts, sums, averages and bounds are exact (to a double's precision); p50, p95 and p99 are within 1 % of the value at that rank; `unique` is
 * exact up to 4,096, beyond it an estimate with a standard error of 0.81 %.
 */
export async function answerStats(context: SearchContext, request: StatsRequest): Promise<string> {
  const blocks = scopeBlocks(context);
  const buckets =
    request.intervalMs === undefined
      ? undefined
      : makeBuckets(bucketRange(context.scope, blocks, Date.now() * 1000), { intervalMs: request.intervalMs });
  const limit = Math.min(Math.max(request.limit, 1), limits.facetValues);
  const cells = (limit + 1) * (buckets?.count ?? 1);
  if (cells > CELLS_MAX) throw new MeniscusError('limit_exceeded', `groups times intervals are ${cells}, at most ${CELLS_MAX} are allowed`);
  const fields = { tenantId: context.scope.tenant.id, node: context.node, shapes: context.shapes };
  const sources = request.by.map((name) => new FieldSource(name, fields));
  const first = new FirstPass(context, new Groups(sources, limits.searchResultBytes / 2));
  await first.run(blocks);
  const table = new Table(context, request, first.listed(limit), buckets);
  if (table.needsRows) await table.run(first);
  return await table.answer(first);
}

class FirstPass {
  readonly groups: Groups;
  /** Events by group. */
  readonly counts: number[] = [];
  /** Events without a group. */
  ungrouped = 0;
  /** Blocks with selected rows, in the order of the search; what was kept of them. */
  readonly blocks: Block[] = [];
  private readonly kept = new Map<Block, Visited>();
  private readonly context: SearchContext;
  private keptBytes = 0;

  constructor(context: SearchContext, groups: Groups) {
    this.context = context;
    this.groups = groups;
  }

  async run(blocks: readonly Block[]): Promise<void> {
    await this.find(blocks);
    if (this.ungrouped > 0)
      this.context.budget.lacks(
        'there are more groups than fit into memory: events of groups met late are in other, which does not count these groups',
      );
  }

  private async find(blocks: readonly Block[]): Promise<void> {
    for (const block of blocks) {
      if (!(await this.context.budget.step())) return;
      if (!this.context.budget.within(0.6)) return this.context.budget.stop('the deadline would pass; not all blocks were read');
      reading(this.context, block, undefined, () => {
        const rows = selectRows(this.context, block);
        if (rows !== false) this.add({ block, rows, groups: this.groups.of(block, rows) });
      });
    }
  }

  private add(visited: Visited): void {
    const { block, rows, groups } = visited;
    const { counts } = this;
    for (let row = 0; row < groups.length; row++) {
      const group = groups[row]!;
      if (group >= 0) counts[group] = (counts[group] ?? 0) + 1;
      else if (rows === true || (rows as Uint8Array)[row] === 1) this.ungrouped++;
    }
    this.blocks.push(block);
    this.keptBytes += groups.byteLength + block.rows;
    if (this.keptBytes < KEPT_BYTES) this.kept.set(block, visited);
  }

  /** A block as it was, found again when it was not kept. */
  visited(block: Block): Visited {
    const kept = this.kept.get(block);
    if (kept !== undefined) return kept;
    const rows = selectRows(this.context, block);
    return { block, rows, groups: this.groups.of(block, rows) };
  }

  /** Events of all groups, and of none. */
  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, this.ungrouped);
  }

  /** The groups with most events; of equally large ones those met first. */
  listed(limit: number): number[] {
    // Without fields to group by there is one group, even of nothing.
    if (this.counts.length === 0 && this.groups.fields === 0) this.counts.push(0);
    return [...this.counts.keys()].sort((a, b) => this.counts[b]! - this.counts[a]! || a - b).slice(0, limit);
  }
}

/** A field with the metrics wanted of it, and its accumulators by cell. */
interface MeasuredField {
  readonly source: FieldSource;
  readonly names: ReadonlySet<Metric['name']>;
  readonly cells: (Accumulator | undefined)[];
}

/** The metrics of the listed groups and of the others, in each bucket. */
class Table {
  private readonly context: SearchContext;
  private readonly request: StatsRequest;
  private readonly listed: readonly number[];
  private readonly buckets: Buckets | undefined;
  private readonly columns: number;
  /** Events by cell. */
  private readonly events: Float64Array;
  /** By field, by cell. */
  private readonly cells = new Map<string, (Accumulator | undefined)[]>();
  private charged = 0;
  private written = 0;

  constructor(context: SearchContext, request: StatsRequest, listed: readonly number[], buckets: Buckets | undefined) {
    this.context = context;
    this.request = request;
    this.listed = listed;
    this.buckets = buckets;
    this.columns = buckets?.count ?? 1;
    this.events = new Float64Array((listed.length + 1) * this.columns);
    for (const { field } of request.metrics) if (field !== undefined) this.cells.set(field, []);
  }

  /** Without fields and buckets the first pass has said it all. */
  get needsRows(): boolean {
    return this.cells.size > 0 || this.buckets !== undefined;
  }

  async run(first: FirstPass): Promise<void> {
    const { budget, scope, node, shapes } = this.context;
    const slots = new Int32Array(first.groups.count).fill(this.listed.length);
    for (const [slot, group] of this.listed.entries()) slots[group] = slot;
    const fields = [...this.cells.keys()].map((name) => ({
      source: new FieldSource(name, { tenantId: scope.tenant.id, node, shapes }),
      names: new Set(this.request.metrics.filter((metric) => metric.field === name).map((metric) => metric.name)),
      cells: this.cells.get(name)!,
    }));
    for (const [i, block] of first.blocks.entries()) {
      if (i > 0 && !(await this.goOn())) return;
      reading(this.context, block, undefined, () => this.addBlock(first.visited(block), slots, fields));
      if (i % BLOCKS_A_LOOK === BLOCKS_A_LOOK - 1) this.charge();
    }
    budget.charge(0);
  }

  private addBlock(visited: Visited, slots: Int32Array, fields: readonly MeasuredField[]): void {
    const cellOf = this.cellsOf(visited, slots);
    for (let row = 0; row < cellOf.length; row++) if (cellOf[row]! >= 0) this.events[cellOf[row]!]!++;
    for (const { source, names, cells } of fields)
      feed(source, visited.block, names.has('unique'), (row) =>
        cellOf[row]! < 0 ? undefined : (cells[cellOf[row]!] ??= new Accumulator(names)),
      );
  }

  /** The deadline of the whole counts here: the first pass has left time. */
  private async goOn(): Promise<boolean> {
    const { budget } = this.context;
    await budget.step();
    if (budget.within(1)) return true;
    budget.stop('the deadline passed before all metrics were complete');
    return false;
  }

  private charge(): void {
    let bytes = 0;
    for (const cells of this.cells.values()) for (const cell of cells) bytes += cell?.bytes ?? 0;
    this.context.budget.charge(bytes - this.charged);
    this.charged = bytes;
  }

  /** The cell of each row, -1 for rows that are not selected. */
  private cellsOf({ block, rows, groups }: Visited, slots: Int32Array): Int32Array {
    const cells = new Int32Array(block.rows).fill(-1);
    const times = this.buckets === undefined ? undefined : block.time();
    const other = this.listed.length;
    for (let row = 0; row < cells.length; row++) {
      const group = groups[row]!;
      if (group < 0 && rows !== true && (rows === false || rows[row] === 0)) continue;
      const slot = group < 0 ? other : slots[group]!;
      cells[row] = slot * this.columns + (times === undefined ? 0 : bucketOf(this.buckets!, times[row]!));
    }
    return cells;
  }

  /** Writing thousands of quantiles takes a while: others get their turn in between. */
  async answer(first: FirstPass): Promise<string> {
    const { total } = first;
    const { budget } = this.context;
    const groups: string[] = [];
    let listedEvents = 0;
    for (const [slot, group] of this.listed.entries()) {
      await budget.breathe();
      const count = first.counts[group]!;
      listedEvents += count;
      const by = first.groups.values(group).map((value, i) => `${JSON.stringify(this.request.by[i])}:${JSON.stringify(value)}`);
      groups.push(`{"by":{${this.text(by.join(','))}},${this.slotText(slot, count)}}`);
    }
    const others = first.groups.count - this.listed.length;
    const other = total === listedEvents ? 'null' : `{"groups":${others},${this.slotText(this.listed.length, total - listedEvents)}}`;
    const interval = this.buckets === undefined ? '' : `"interval_ms":${this.buckets.intervalMs},`;
    return `{"count":${total},${interval}"groups":[${groups.join(',')}],"other":${other},${budget.tail()}}`;
  }

  /** Text of the answer. Values and names may be long, and there may be many. */
  private text(text: string): string {
    this.written += text.length;
    if (this.written <= limits.searchResultBytes) return text;
    const detail = `the answer takes more than ${limits.searchResultBytes >> 20} MiB; ask for fewer groups or metrics, or for a longer interval`;
    throw new MeniscusError('limit_exceeded', detail);
  }

  private slotText(slot: number, events: number): string {
    const cells = Array.from({ length: this.columns }, (_, bucket) => slot * this.columns + bucket);
    const whole = `"metrics":{${this.metricsText(cells, events)}}`;
    if (this.buckets === undefined) return whole;
    const texts = cells.map((cell, bucket) => {
      const metrics = this.metricsText([cell], this.events[cell]!);
      return `{"time":"${bucketTime(this.buckets!, bucket)}","metrics":{${metrics}}}`;
    });
    return `${whole},"buckets":[${texts.join(',')}]`;
  }

  /** The metrics of some cells together. */
  private metricsText(cells: readonly number[], events: number): string {
    const texts = this.request.metrics.map((metric) => {
      const { name, field } = metric;
      const value = name === 'count' || field === undefined ? String(events) : this.valueText(name, field, cells);
      return `${JSON.stringify(metricName(metric))}:${value}`;
    });
    return this.text(texts.join(','));
  }

  private valueText(name: Exclude<Metric['name'], 'count'>, field: string, cells: readonly number[]): string {
    const found = cells.map((cell) => this.cells.get(field)![cell]).filter((cell) => cell !== undefined);
    const [only] = found;
    if (only === undefined) return name === 'unique' ? '0' : 'null';
    if (found.length === 1) return only.value(name);
    const merged = new Accumulator(new Set([name]));
    for (const cell of found) merged.merge(cell);
    return merged.value(name);
  }
}
