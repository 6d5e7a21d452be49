import type { Block } from '../../../store/block.ts';

/** Blocks whose columns are at hand: where many overlap, others are fetched again from the thread's cache. */
const BLOCKS_AT_HAND = 8;

/** How the rows of the blocks read last are written. */
export class HeldBlocks<Writer> {
  private readonly held = new Map<Block, Writer>();
  private readonly make: (block: Block) => Writer;

  constructor(make: (block: Block) => Writer) {
    this.make = make;
  }

  of(block: Block): Writer {
    const known = this.held.get(block);
    if (known !== undefined) return known;
    const writer = this.make(block);
    if (this.held.size >= BLOCKS_AT_HAND) this.held.delete(this.held.keys().next().value!);
    this.held.set(block, writer);
    return writer;
  }
}
