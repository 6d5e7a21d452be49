import type { Snapshot } from '../../store/block.ts';
import type { ExportRequest, SearchRequest } from '../search.ts';
import { answer, exporting, type ThreadTools } from './answer.ts';
import type { Budget } from './budget.ts';

/** Who finds the answers in a query thread. Cancelling aborts the signal, with Cancelled, and the budget. */
export interface Searcher {
  /** JSON text. */
  answer(request: SearchRequest, budget: Budget, signal: AbortSignal): Promise<string>;
  exporting(request: ExportRequest, budget: Budget, signal: AbortSignal): AsyncGenerator<string | Uint8Array<ArrayBuffer>>;
}

/** Searches the store: all that was acknowledged before the search began. */
export class StoreSearcher implements Searcher {
  private readonly snapshot: () => Snapshot;
  private readonly tools: ThreadTools;

  constructor(snapshot: () => Snapshot, tools: ThreadTools) {
    this.snapshot = snapshot;
    this.tools = tools;
  }

  async answer(request: SearchRequest, budget: Budget): Promise<string> {
    const snapshot = this.snapshot();
    try {
      return await answer(request, snapshot, budget, this.tools);
    } finally {
      snapshot.release();
    }
  }

  async *exporting(request: ExportRequest, budget: Budget): AsyncGenerator<string | Uint8Array<ArrayBuffer>> {
    const snapshot = this.snapshot();
    try {
      yield* exporting(request, snapshot, budget, this.tools);
    } finally {
      snapshot.release();
    }
  }
}
