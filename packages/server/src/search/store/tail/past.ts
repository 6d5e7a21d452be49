import type { Block } from '../../../store/block.ts';
import type { ViewSnapshot } from '../../../store/view/snapshot.ts';
import type { SearchContext } from '../scope.ts';
import type { TailCursor } from './cursor.ts';
import { replayRows } from './replay.ts';

/** One row of the past; awaited when it gives a promise. */
export type VisitRow = (block: Block, row: number, position: number) => Promise<void> | undefined;

export interface PastRequest {
  /** With the view of the store of this thread, which has at least what is in no segment yet. */
  readonly context: SearchContext & { readonly snapshot: ViewSnapshot };
  readonly cursor: TailCursor;
  /** By shard: the first position that is not wanted any more. */
  readonly end: ReadonlyMap<number, number>;
  /** When its subscriber began, milliseconds: what a cursor that names all shards has behind it came before. */
  readonly since: number;
  /** Aborts when nobody wants it any more; then Cancelled is thrown. */
  readonly signal: AbortSignal;
}

/** Where a tail finds what was there before it: the matching rows between a cursor and an end, in the order of `replayRows`. */
export interface Past {
  /** Whether it needs a view with what came lately and the store does not keep. */
  readonly needsWhole: boolean;
  replay(request: PastRequest, visit: VisitRow): Promise<void>;
}

/** All of it is in the store. */
export const storePast: Past = {
  needsWhole: false,
  replay: async ({ context, cursor, end }, visit) => replayRows(context, cursor, end, visit),
};
