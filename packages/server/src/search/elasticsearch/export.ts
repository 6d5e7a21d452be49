import type { ExportRequest } from '../search.ts';
import { contextOf, type ThreadTools } from '../store/answer.ts';
import { exportPieces, type ExportSource } from '../store/export/export.ts';
import { LeafTypeCounts, type LeafTypes } from '../store/export/leaf-types.ts';
import { mergedStretches, type Stretch } from '../store/export/merge.ts';
import type { SearchContext } from '../store/scope.ts';
import type { BlockMaker } from './documents/blocks.ts';
import type { FoundEvent } from './documents/document.ts';
import { pages } from './documents/pages.ts';
import { FoundSnapshot } from './documents/snapshot.ts';
import { allOf, timeRange } from './dsl/clause.ts';
import { FIELDS } from '../../sinks/elasticsearch/fields/fields.ts';
import type { Inquiry } from './inquiry.ts';

export interface ExportParts extends ThreadTools {
  readonly inquiry: Inquiry;
  readonly maker: BlockMaker;
}

/** Everything that matches, oldest first, page by page: memory is that of a page. A format with columns reads all events twice. */
export function exportedPieces(request: ExportRequest, parts: ExportParts): AsyncGenerator<string | Uint8Array<ArrayBuffer>> {
  const context = contextOf(request, new FoundSnapshot([]), parts.inquiry.budget, parts);
  return exportPieces(context, request, new PagedSource(context, parts));
}

class PagedSource implements ExportSource {
  private readonly context: SearchContext;
  private readonly parts: ExportParts;
  /** Events received later are not in it: both passes see the same. */
  private readonly end = Date.now() * 1000;

  constructor(context: SearchContext, parts: ExportParts) {
    this.context = context;
    this.parts = parts;
  }

  async *stretches(): AsyncGenerator<Stretch> {
    for await (const page of this.snapshots()) yield* mergedStretches({ ...this.context, snapshot: page });
  }

  async leafTypes(): Promise<LeafTypes> {
    const counts = new LeafTypeCounts();
    for await (const page of this.snapshots())
      for (const block of page.blocks(0, -Infinity, Infinity)) {
        await this.context.budget.step();
        counts.add(this.context, block);
      }
    return counts.result();
  }

  private async *snapshots(): AsyncGenerator<FoundSnapshot> {
    for await (const events of this.pages()) yield new FoundSnapshot(this.parts.maker.make(events).map(({ block }) => block));
  }

  /** In the words in which the server takes the first page: beginning again later would give events twice. */
  private async *pages(): AsyncGenerator<readonly FoundEvent[]> {
    const { inquiry } = this.parts;
    const { all, first } = await inquiry.strongest(async ({ upper }) => {
      const all = pages(inquiry, { clause: allOf([upper, timeRange(FIELDS.received, -Infinity, this.end)]), order: 'asc' });
      return { all, first: await all.next() };
    });
    try {
      for (let page = first; page.done !== true; page = await all.next()) yield page.value;
    } finally {
      await all.return(undefined);
    }
  }
}
