import { contextOf } from '../../store/answer.ts';
import { pages } from '../documents/pages.ts';
import { FoundSnapshot } from '../documents/snapshot.ts';
import { allOf, not } from '../dsl/clause.ts';
import type { CompiledQuery } from '../dsl/compile.ts';
import { selector } from '../gather.ts';
import type { Inquiry } from '../inquiry.ts';
import type { DirectParts } from './direct.ts';
import { tally } from './tally.ts';

/** `count`: the server counts; the documents that it cannot decide are looked at, page by page. */
export async function directCount(inquiry: Inquiry, compiled: CompiledQuery, parts: DirectParts): Promise<string | undefined> {
  const found = await tally(inquiry, compiled, {});
  if (found === undefined) return undefined;
  const certain = found.total - found.doubtful;
  inquiry.budget.scannedEvents += found.total;
  const count = certain + (found.doubtful === 0 ? 0 : await doubtful(inquiry, compiled, parts));
  return `{"count":${count},${inquiry.budget.tail()}}`;
}

async function doubtful(inquiry: Inquiry, compiled: CompiledQuery, { maker, ...tools }: DirectParts): Promise<number> {
  const { scope, budget } = inquiry;
  const select = selector(contextOf(scope, new FoundSnapshot([]), budget, tools));
  let count = 0;
  for await (const events of pages(inquiry, { clause: allOf([compiled.upper, not(compiled.lower)]), order: 'desc' }))
    for (const { block } of maker.make(events)) {
      await budget.breathe();
      count += select(block);
    }
  return count;
}
