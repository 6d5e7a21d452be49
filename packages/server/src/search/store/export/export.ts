import type { ExportRequest } from '../../search.ts';
import { reading, type SearchContext } from '../scope.ts';
import { exportFormat } from './formats.ts';
import { refuseGaps } from './gaps.ts';
import { HeldBlocks } from './held-blocks.ts';
import { leafTypes, type LeafTypes } from './leaf-types.ts';
import { mergedStretches, type Stretch } from './merge.ts';
import { parquetPieces } from './parquet.ts';

/** A piece is sent at about this many characters. */
const PIECE_LENGTH = 256 << 10;

/** Where an export's events come from: of the store, the blocks of its snapshot; a back end that finds events page by page has them from there. */
export interface ExportSource {
  /** All selected events, oldest first. May be asked for once. */
  stretches(): AsyncIterable<Stretch>;
  /** The leaves that they may have; asked for before `stretches`, and only by formats with columns. */
  leafTypes(): Promise<LeafTypes>;
}

/** The events of the search's own snapshot. */
function snapshotSource(context: SearchContext): ExportSource {
  return { stretches: () => mergedStretches(context), leafTypes: async () => leafTypes(context) };
}

/**
 * Everything that matches, oldest first, in pieces of some hundred kilobytes. Memory is that of a piece and of the blocks that overlap in time.
 * What cannot be read ends the export with an error: it is never cut silently.
 */
export async function* exportPieces(
  context: SearchContext,
  request: ExportRequest,
  source: ExportSource = snapshotSource(context),
): AsyncGenerator<string | Uint8Array<ArrayBuffer>> {
  if (request.format === 'parquet') yield* parquetPieces(context, request, source);
  else yield* textPieces(context, request, source);
}

async function* textPieces(context: SearchContext, request: ExportRequest, source: ExportSource): AsyncGenerator<string> {
  const { scope, node, shapes, budget } = context;
  const format = exportFormat(request, { tenantId: scope.tenant.id, node, shapes });
  const formats = new HeldBlocks((block) => format.rows(block));
  let piece = format.head;
  for await (const { block, rows, from, to } of source.stretches()) {
    for (let i = from; i < to; i++) {
      piece += reading(context, block, '', () => formats.of(block)(rows[i]!));
      if (piece.length < PIECE_LENGTH) continue;
      yield piece;
      piece = '';
      await budget.step();
      refuseGaps(context);
    }
    refuseGaps(context);
  }
  refuseGaps(context);
  if (piece !== '') yield piece;
}
