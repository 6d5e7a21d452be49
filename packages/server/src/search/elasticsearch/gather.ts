import type { Query } from '@meniscus/query';
import { limits } from '../../limits.ts';
import type { Block } from '../../store/block.ts';
import { Budget } from '../store/budget.ts';
import { countOf } from '../store/evaluate/mask.ts';
import { selectRows, type SearchContext } from '../store/scope.ts';
import type { BlockMaker } from './documents/blocks.ts';
import { pages, type After, type Order } from './documents/pages.ts';
import type { CompiledQuery } from './dsl/compile.ts';
import type { Inquiry } from './inquiry.ts';

/** Memory for the documents of one search, as columns: beyond it the answer is partial. */
const BLOCKS_BYTES = 2 * limits.searchResultBytes;
/** Pages of events that are as large do not fit into an answer: the next page goes on. */
const EVENTS_BYTES = 6 * limits.searchResultBytes;

export interface GatherRequest {
  /** With the plan for what the server cannot say. */
  readonly context: SearchContext;
  /** Which the documents must match, for the server. */
  readonly query: Query;
  readonly order: Order;
  readonly after?: After | undefined;
  /** Matching events; all if not given. */
  readonly wanted?: number;
}

/** Matching events of an index in memory, in blocks, with others that the search will not select. */
export async function gather(inquiry: Inquiry, maker: BlockMaker, request: GatherRequest): Promise<Block[]> {
  return inquiry.strongest((compiled) => gatherAs(inquiry, maker, request, compiled), request.query);
}

async function gatherAs(inquiry: Inquiry, maker: BlockMaker, request: GatherRequest, compiled: CompiledQuery): Promise<Block[]> {
  const { order, after, wanted = Infinity } = request;
  const select = selector(request.context);
  const kept: Block[] = [];
  let matching = 0;
  let bytes = 0;
  for await (const events of pages(inquiry, { clause: compiled.upper, order, after, wanted })) {
    for (const { block, bytes: size } of maker.make(events)) {
      await inquiry.budget.breathe();
      const found = compiled.exact && wanted === Infinity ? block.rows : select(block);
      if (found === 0) continue;
      matching += found;
      bytes += size;
      kept.push(block);
    }
    if (matching >= wanted) break;
    if (bytes < (wanted === Infinity ? BLOCKS_BYTES : EVENTS_BYTES)) continue;
    if (wanted === Infinity)
      inquiry.budget.lacks(
        `the events take more than ${BLOCKS_BYTES >> 20} MiB of memory: the ${order === 'desc' ? 'newest' : 'oldest'} ${matching} were looked at`,
      );
    break;
  }
  return kept;
}

/** How many rows of a block match. What it costs counts when the answer is made. */
export function selector(context: SearchContext): (block: Block) => number {
  const looking = { ...context, budget: new Budget({ deadlineMs: Infinity }) };
  return (block) => countOf(selectRows(looking, block), block.rows);
}
