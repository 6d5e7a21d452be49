import type { Block, Snapshot } from '../../../store/block.ts';

/** Events that were found, as a view of the store that holds nothing else. All are of the search's tenant. */
export class FoundSnapshot implements Snapshot {
  readonly unreadable: readonly string[] = [];
  private readonly all: readonly Block[];

  constructor(blocks: readonly Block[]) {
    this.all = blocks;
  }

  blocks(_tenant: number, from: number, to: number): Block[] {
    return this.all.filter((block) => block.minTime < to && block.maxTime >= from).sort((a, b) => b.maxTime - a.maxTime);
  }

  find(_tenant: number, shard: number, position: number, receivedMs: number): { readonly block: Block; readonly row: number } | undefined {
    for (const block of this.all) {
      const row = block.shard === shard ? block.position().indexOf(position) : -1;
      if (row >= 0 && Math.floor(block.received()[row]! / 1000) === receivedMs) return { block, row };
    }
    return undefined;
  }

  release(): void {}
}
