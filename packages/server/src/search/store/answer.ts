import { MeniscusError } from '../../errors.ts';
import type { ShapeCache } from '../../event/shape.ts';
import type { Snapshot } from '../../store/block.ts';
import { DamagedError } from '../../store/segment/chunk.ts';
import type { ExportRequest, SearchRequest, SearchScope } from '../search.ts';
import { answerContext } from './answers/context.ts';
import { answerCount } from './answers/count.ts';
import { answerEvent, answerEvents } from './answers/events.ts';
import { answerFacets, answerValues } from './answers/facets.ts';
import { answerFields } from './answers/fields.ts';
import { answerHistogram } from './answers/histogram.ts';
import { answerStats } from './answers/stats.ts';
import type { Budget } from './budget.ts';
import { compilePlan } from './evaluate/compile.ts';
import { exportPieces } from './export/export.ts';
import type { SearchContext } from './scope.ts';

/** What a thread has for all searches. */
export interface ThreadTools {
  readonly shapes: ShapeCache;
  /** The node whose ids the events have. */
  readonly node: number;
}

/** What a search of a snapshot is answered with. */
export function contextOf(scope: SearchScope, snapshot: Snapshot, budget: Budget, { shapes, node }: ThreadTools): SearchContext {
  const plan = compilePlan(scope.query, { tenantId: scope.tenant.id, shapes });
  return { snapshot, scope, plan, budget, node, shapes };
}

/** Answers a request over a snapshot, as JSON text. The snapshot is the caller's to release. */
export async function answer(request: SearchRequest, snapshot: Snapshot, budget: Budget, tools: ThreadTools): Promise<string> {
  const context = contextOf(request, snapshot, budget, tools);
  try {
    const make = ANSWERS[request.kind] as (context: SearchContext, request: SearchRequest) => Promise<string>;
    return await make(context, request);
  } catch (error) {
    if (error instanceof DamagedError) throw new MeniscusError('unavailable', 'a block of the store is damaged', { cause: error });
    throw error;
  }
}

const ANSWERS: {
  readonly [Kind in SearchRequest['kind']]: (context: SearchContext, request: Extract<SearchRequest, { kind: Kind }>) => Promise<string>;
} = {
  events: answerEvents,
  event: answerEvent,
  context: answerContext,
  count: answerCount,
  histogram: answerHistogram,
  facets: answerFacets,
  fields: answerFields,
  values: answerValues,
  stats: answerStats,
};

/** The pieces of an export. The snapshot is the caller's to release. */
export function exporting(
  request: ExportRequest,
  snapshot: Snapshot,
  budget: Budget,
  tools: ThreadTools,
): AsyncGenerator<string | Uint8Array<ArrayBuffer>> {
  return exportPieces(contextOf(request, snapshot, budget, tools), request);
}
