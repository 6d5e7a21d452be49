import type { SearchContext } from '../scope.ts';
import { eachBlock } from '../scope.ts';
import { countOf } from '../evaluate/mask.ts';

/** `count`: blocks that lie within the range whole are counted from the index where it decides. */
export async function answerCount(context: SearchContext): Promise<string> {
  let count = 0;
  await eachBlock(context, (block, rows) => void (count += countOf(rows, block.rows)));
  return `{"count":${count},${context.budget.tail()}}`;
}
