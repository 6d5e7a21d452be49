import { MeniscusError } from '../../../errors.ts';
import { parseEventId } from '../../../event/event-id.ts';
import { limits } from '../../../limits.ts';
import type { Block } from '../../../store/block.ts';
import { EventRenderer, type BlockRenderer } from '../../../store/event-json.ts';
import type { SearchRequest } from '../../search.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { rowsOf } from '../evaluate/mask.ts';
import { compareKeys, keyOf, keysOf, type EventKey } from '../order.ts';
import { reading, scopeBlocks, selectRows, type SearchContext } from '../scope.ts';

type Order = 'asc' | 'desc';

/** A row that is part of an answer. */
export interface Hit {
  readonly key: EventKey;
  readonly block: Block;
  readonly row: number;
}

/** Events written between two looks at the clock. */
const HITS_A_TURN = 64;
/** How long hits may be written beyond the deadline, so that what was found until then is answered: less than the time by which a search counts as stuck. */
const WRITING_MS = 500;

/**
 * The first `limit` events in the order, after `after` if given. Blocks are walked by their newest (oldest) time, and the walk ends when no block
 * left can hold an event before the last of those found.
 */
export async function firstHits(context: SearchContext, order: Order, limit: number, after?: EventKey): Promise<Hit[]> {
  const blocks = scopeBlocks(context);
  if (order === 'asc') blocks.sort((a, b) => a.minTime - b.minTime);
  let hits: Hit[] = [];
  for (const block of blocks) {
    const last = hits.length >= limit ? hits.at(-1)! : undefined;
    if (last !== undefined && (order === 'asc' ? block.minTime > last.key.time : block.maxTime < last.key.time)) break;
    if (after !== undefined && (order === 'asc' ? block.maxTime < after.time : block.minTime > after.time)) continue;
    if (!(await context.budget.step())) break;
    const found = reading(context, block, [], () => blockHits(context, block, order, limit, after));
    hits = mergeHits(hits, found, order, limit);
  }
  return hits;
}

/** The first `limit` selected rows of a block after `after`, in the order. */
function blockHits(context: SearchContext, block: Block, order: Order, limit: number, after: EventKey | undefined): Hit[] {
  const rows = rowsOf(selectRows(context, block), block.rows);
  if (rows.length === 0) return [];
  const hits: Hit[] = [];
  const keys = keysOf(block);
  for (let i = 0; i < rows.length && hits.length < limit; i++) {
    const row = rows[order === 'asc' ? i : rows.length - 1 - i]!;
    const key = keys(row);
    if (after !== undefined && (order === 'asc' ? compareKeys(key, after) <= 0 : compareKeys(key, after) >= 0)) continue;
    hits.push({ key, block, row });
  }
  return hits;
}

function mergeHits(a: readonly Hit[], b: readonly Hit[], order: Order, limit: number): Hit[] {
  const merged: Hit[] = [];
  let [i, j] = [0, 0];
  while (merged.length < limit && (i < a.length || j < b.length)) {
    const first = j >= b.length || (i < a.length && compareKeys(a[i]!.key, b[j]!.key) < 0 === (order === 'asc'));
    merged.push(first ? a[i++]! : b[j++]!);
  }
  return merged;
}

/**
 * Writes hits as JSON texts, in their order, as many as fit into a result (at least one), until shortly after the deadline. Columns are fetched once a block,
 * and others get their turn now and then: a large page takes longer to write than to find. Undefined: the event cannot be read.
 */
export async function writeHits(context: SearchContext, hits: readonly Hit[], fields?: readonly string[]): Promise<(string | undefined)[]> {
  const renderer = new EventRenderer(context.node, context.scope.tenant.id, fields, context.shapes);
  const blocks = new Map<Block, BlockRenderer>();
  const texts: (string | undefined)[] = [];
  let room: number = limits.searchResultBytes;
  let end = Infinity;
  for (const { block, row } of hits) {
    if (texts.length % HITS_A_TURN === HITS_A_TURN - 1) await context.budget.step();
    const text = reading(context, block, undefined, () => {
      let rows = blocks.get(block);
      if (rows === undefined) blocks.set(block, (rows = renderer.block(block)));
      return rows.row(row);
    });
    room -= text?.length ?? 0;
    if (end === Infinity && context.budget.stopped) end = performance.now() + WRITING_MS;
    if (texts.length > 0 && (room < 0 || performance.now() >= end)) break;
    texts.push(text);
  }
  return texts;
}

/** `events`: a page and the cursor of the next one. A page that does not fit into memory is shorter, and the next one begins where it ends. */
export async function answerEvents(context: SearchContext, request: Extract<SearchRequest, { kind: 'events' }>): Promise<string> {
  const { order } = request;
  const { budget } = context;
  const limit = Math.min(request.limit, limits.eventsPerPage);
  const now = Date.now() * 1000;
  const position = request.cursor === undefined ? undefined : readCursor(request, order, request.cursor, now);
  const scope = position === undefined ? context.scope : { ...context.scope, from: position.from, to: position.to };
  const hits = await firstHits({ ...context, scope: narrow(scope, order, position?.key) }, order, limit + 1, position?.key);
  // What the deadline cut off lies anywhere among the events: then there is no place to go on from.
  const searched = !budget.stopped;
  const texts = await writeHits(context, hits.slice(0, limit), request.fields);
  const last = hits[texts.length - 1];
  const more = searched && last !== undefined && hits.length > texts.length;
  const next = more
    ? JSON.stringify(writeCursor(request, order, { key: last.key, from: scope.from, to: scope.to, started: position?.started ?? now }))
    : 'null';
  return `{"events":[${list(texts)}],"next":${next},${budget.tail()}}`;
}

/** Those that could be read. */
export function list(texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined).join(',');
}

/** Only times from the cursor on can follow it. */
function narrow<Scope extends { readonly from: number; readonly to: number }>(
  scope: Scope,
  order: Order,
  key: EventKey | undefined,
): Scope {
  if (key === undefined) return scope;
  return order === 'asc' ? { ...scope, from: Math.max(scope.from, key.time) } : { ...scope, to: Math.min(scope.to, key.time + 1) };
}

/** The row of an event by its id. Throws `event_not_found`. */
export function findEvent(context: SearchContext, id: string): Hit {
  const { snapshot, scope, node } = context;
  const origin = parseEventId(id);
  const found =
    origin === undefined || origin.node !== node
      ? undefined
      : snapshot.find(scope.tenant.number, origin.shard, origin.position, origin.receivedMs);
  if (found === undefined || found.block.received()[found.row]! < scope.tenant.receivedFrom) throw new MeniscusError('event_not_found');
  return { ...found, key: keyOf(found.block, found.row) };
}

/** `event`: by id. */
export async function answerEvent(context: SearchContext, request: Extract<SearchRequest, { kind: 'event' }>): Promise<string> {
  const [event] = await writeHits(context, [findEvent(context, request.id)]);
  if (event === undefined) throw new MeniscusError('unavailable', 'the block that holds the event is damaged');
  return `{"event":${event}}`;
}
