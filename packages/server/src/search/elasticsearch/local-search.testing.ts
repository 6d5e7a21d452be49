import type { ExportRequest, SearchBackend, SearchRequest } from '../search.ts';
import { Budget } from '../store/budget.ts';
import type { DocumentSearch } from './document-search.ts';

/** Searches in this very thread: all of the back end but threads. */
export class LocalDocumentSearch implements SearchBackend {
  private readonly documents: DocumentSearch;

  constructor(documents: DocumentSearch) {
    this.documents = documents;
  }

  async search(request: SearchRequest, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const budget = new Budget({ deadlineMs: request.deadlineMs });
    signal.addEventListener('abort', () => budget.cancel());
    return this.documents.answer(request, budget, signal);
  }

  async *export(request: ExportRequest, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const budget = new Budget({ deadlineMs: request.deadlineMs });
    signal.addEventListener('abort', () => budget.cancel());
    for await (const piece of this.documents.exporting(request, budget, signal)) yield Buffer.from(piece);
  }

  async close(): Promise<void> {
    await this.documents.close();
  }
}
