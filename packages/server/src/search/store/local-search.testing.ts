import { ShapeCache } from '../../event/shape.ts';
import type { Block } from '../../store/block.ts';
import type { ExportRequest, SearchBackend, SearchRequest } from '../search.ts';
import { answer, exporting } from './answer.ts';
import { Budget } from './budget.ts';
import { MemorySnapshot } from './memory-store.testing.ts';

/** Searches blocks in memory in this very thread: all of the store's back end but threads. */
export class LocalSearch implements SearchBackend {
  private readonly blocks: readonly Block[];
  private readonly resultBytes: number;
  private readonly tools = { shapes: new ShapeCache(), node: 0 };

  constructor(blocks: readonly Block[], resultBytes = 64 << 20) {
    this.blocks = blocks;
    this.resultBytes = resultBytes;
  }

  async search(request: SearchRequest, signal: AbortSignal): Promise<string> {
    const budget = new Budget({ deadlineMs: request.deadlineMs, resultBytes: this.resultBytes });
    signal.addEventListener('abort', () => budget.cancel());
    signal.throwIfAborted();
    return answer(request, new MemorySnapshot(this.blocks), budget, this.tools);
  }

  async *export(request: ExportRequest, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const budget = new Budget({ deadlineMs: request.deadlineMs });
    signal.addEventListener('abort', () => budget.cancel());
    for await (const piece of exporting(request, new MemorySnapshot(this.blocks), budget, this.tools)) yield Buffer.from(piece);
  }

  async close(): Promise<void> {}
}
