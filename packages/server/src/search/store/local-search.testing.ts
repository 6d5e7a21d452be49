import { ShapeCache } from '../../event/shape.ts';
import type { Block } from '../../store/block.ts';
import type { ExportRequest, SearchBackend, SearchRequest } from '../search.ts';
import { Budget } from './budget.ts';
import { MemorySnapshot } from './memory-store.testing.ts';
import { StoreSearcher, type Searcher } from './searcher.ts';

/** Searches in this very thread: all of a back end but threads. */
export class LocalSearch implements SearchBackend {
  private readonly searcher: Searcher;
  private readonly resultBytes: number;

  constructor(searcher: Searcher, resultBytes = 64 << 20) {
    this.searcher = searcher;
    this.resultBytes = resultBytes;
  }

  /** Searches blocks in memory. */
  static ofBlocks(blocks: readonly Block[], resultBytes?: number): LocalSearch {
    const tools = { shapes: new ShapeCache(), node: 0 };
    return new LocalSearch(new StoreSearcher(() => new MemorySnapshot(blocks), tools), resultBytes);
  }

  async search(request: SearchRequest, signal: AbortSignal): Promise<string> {
    const budget = new Budget({ deadlineMs: request.deadlineMs, resultBytes: this.resultBytes });
    signal.addEventListener('abort', () => budget.cancel());
    signal.throwIfAborted();
    return this.searcher.answer(request, budget, signal);
  }

  async *export(request: ExportRequest, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const budget = new Budget({ deadlineMs: request.deadlineMs });
    signal.addEventListener('abort', () => budget.cancel());
    for await (const piece of this.searcher.exporting(request, budget, signal)) yield Buffer.from(piece);
  }

  async close(): Promise<void> {}
}
