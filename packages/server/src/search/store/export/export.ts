import type { ExportRequest } from '../../search.ts';
import { reading, type SearchContext } from '../scope.ts';
import { exportFormat } from './formats.ts';
import { refuseGaps } from './gaps.ts';
import { HeldBlocks } from './held-blocks.ts';
import { mergedStretches } from './merge.ts';
import { parquetPieces } from './parquet.ts';

/** A piece is sent at about this many characters. */
const PIECE_LENGTH = 256 << 10;
/**
 * Everything that matches, oldest first, in pieces of some hundred kilobytes. Memory is that of a piece and of the blocks that overlap in time.
 * What cannot be read ends the export with an error: it is never cut silently.
 */
export async function* exportPieces(context: SearchContext, request: ExportRequest): AsyncGenerator<string | Uint8Array<ArrayBuffer>> {
  if (request.format === 'parquet') yield* parquetPieces(context, request);
  else yield* textPieces(context, request);
}

async function* textPieces(context: SearchContext, request: ExportRequest): AsyncGenerator<string> {
  const { scope, node, shapes, budget } = context;
  const format = exportFormat(request, { tenantId: scope.tenant.id, node, shapes });
  const formats = new HeldBlocks((block) => format.rows(block));
  let piece = format.head;
  for await (const { block, rows, from, to } of mergedStretches(context)) {
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
