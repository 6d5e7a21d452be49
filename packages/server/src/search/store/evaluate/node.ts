import type { Block } from '../../../store/block.ts';
import type { Selection } from './mask.ts';

/** What the evaluation of one block needs to know and counts. */
export interface BlockScan {
  readonly block: Block;
  readonly tenantId: string;
  /** The node whose ids the events have. */
  readonly node: number;
  /** Bytes of columns looked at. */
  bytes: number;
  /** Called before each column that is read: throws when the search has to end. */
  readonly interrupt: () => void;
}

/** A condition compiled for blocks. One per search: it may remember what it learned from earlier blocks. */
export interface PlanNode {
  /** About how much a row costs: the cheapest of a conjunction is evaluated first. */
  readonly cost: number;
  /** From the block's index alone, reading no column: true, all rows match; false, none does; undefined, who knows. */
  peek(block: Block): boolean | undefined;
  /** The rows that match. Only `candidates` matter: what is said of other rows is ignored. The caller may write into the result, never the callee into `candidates`. */
  rows(scan: BlockScan, candidates: Selection): Selection;
}

/** Costs a row, relative to each other. */
export const COST = { constant: 0, number: 1, dictionary: 2, header: 3, computed: 20, leaf: 30, text: 100, any: 300 } as const;
