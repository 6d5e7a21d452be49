import type { ExportRequest } from '../../search.ts';
import type { Block } from '../../../store/block.ts';
import { MeniscusError } from '../../../errors.ts';
import { reading, type SearchContext } from '../scope.ts';
import { exportFormat, type RowFormat } from './formats.ts';
import { mergedStretches } from './merge.ts';

/** A piece is sent at about this many characters. */
const PIECE_LENGTH = 256 << 10;
/** Blocks whose columns are at hand: where many overlap, others are fetched again from the thread's cache. */
const BLOCKS_AT_HAND = 8;

/** How the rows of the blocks read last are written. */
class Formats {
  private readonly held = new Map<Block, RowFormat>();
  private readonly make: (block: Block) => RowFormat;

  constructor(make: (block: Block) => RowFormat) {
    this.make = make;
  }

  of(block: Block): RowFormat {
    const known = this.held.get(block);
    if (known !== undefined) return known;
    const format = this.make(block);
    if (this.held.size >= BLOCKS_AT_HAND) this.held.delete(this.held.keys().next().value!);
    this.held.set(block, format);
    return format;
  }
}

/**
 * Everything that matches, oldest first, in pieces of some hundred kilobytes. Memory is that of a piece and of the blocks that overlap in time.
 * What cannot be read ends the export with an error: it is never cut silently.
 */
export async function* exportPieces(context: SearchContext, request: ExportRequest): AsyncGenerator<string> {
  const { scope, node, shapes, budget } = context;
  const format = exportFormat(request, { tenantId: scope.tenant.id, node, shapes });
  const formats = new Formats((block) => format.rows(block));
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

function refuseGaps({ budget }: SearchContext): void {
  if (budget.partialReason !== undefined) throw new MeniscusError('unavailable', `the export cannot be complete: ${budget.partialReason}`);
}
