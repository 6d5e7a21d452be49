import { MeniscusError } from '../../../errors.ts';
import { ShapeCache } from '../../../event/shape.ts';
import type { Snapshot } from '../../../store/block.ts';
import type { SearchRequest } from '../../search.ts';
import { answer } from '../answer.ts';
import { Budget } from '../budget.ts';

const NOTHING: Snapshot = { blocks: () => [], find: () => undefined, release: () => {} };

/** The answer to a request of which nothing was searched, with the reason. Rejects where an answer of nothing would be a lie. */
export async function emptyAnswer(request: SearchRequest, reason: string): Promise<string> {
  if (request.kind === 'event' || request.kind === 'context') throw new MeniscusError('unavailable', reason, { retryAfter: 1 });
  const budget = new Budget({ deadlineMs: request.deadlineMs });
  budget.stop(reason);
  return answer(request, NOTHING, budget, { shapes: new ShapeCache(), node: 0 });
}
