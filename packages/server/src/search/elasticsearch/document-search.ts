import { and } from '@meniscus/query';
import { MeniscusError } from '../../errors.ts';
import { FIELDS } from '../../sinks/elasticsearch/fields/fields.ts';
import { limits } from '../../limits.ts';
import type { Block } from '../../store/block.ts';
import type { ExportRequest, SearchRequest, SearchScope } from '../search.ts';
import { answer, contextOf, type ThreadTools } from '../store/answer.ts';
import { rangesAround, sameOrigin } from '../store/answers/context.ts';
import { findEvent, type Hit } from '../store/answers/events.ts';
import type { Budget } from '../store/budget.ts';
import { readCursor } from '../store/cursor.ts';
import { idOf } from '../store/order.ts';
import type { SearchContext } from '../store/scope.ts';
import type { Searcher } from '../store/searcher.ts';
import { BlockMaker } from './documents/blocks.ts';
import { directAnswer } from './direct/direct.ts';
import { readDocument } from './documents/document.ts';
import type { Order } from './documents/pages.ts';
import { FoundSnapshot } from './documents/snapshot.ts';
import { term } from './dsl/clause.ts';
import { exportedPieces } from './export.ts';
import { gather } from './gather.ts';
import { Inquiry } from './inquiry.ts';
import { scopeClause } from './scope.ts';
import type { SearchServer } from './server/search-server.ts';

export interface DocumentSearchOptions extends ThreadTools {
  readonly server: SearchServer;
  /** The alias of a tenant's indexes. */
  readonly alias: (tenantId: string) => string;
}

type RequestOf<Kind extends SearchRequest['kind']> = Extract<SearchRequest, { kind: Kind }>;

/** Answers searches from indexes, in a thread that has others to do. What an index cannot say is found out from its documents by the store's own searches. */
export class DocumentSearch implements Searcher {
  private readonly options: DocumentSearchOptions;
  readonly maker = new BlockMaker();

  constructor(options: DocumentSearchOptions) {
    this.options = options;
  }

  /** Aborting the signal, and with it cancelling the budget, ends it at once. */
  async answer(request: SearchRequest, budget: Budget, signal: AbortSignal): Promise<string> {
    const { maker, options } = this;
    const asked = budget.check() ? await this.fromOldest(request, budget, signal) : request;
    const inquiry = this.inquiry(asked, budget, signal);
    const direct = budget.check() ? await directAnswer(inquiry, asked, { ...options, maker }) : undefined;
    if (direct !== undefined) return direct;
    const blocks = await this.blocksFor(inquiry, asked);
    return answer(asked, new FoundSnapshot(blocks), budget, options);
  }

  /** Buckets of all of time begin with the oldest event, whether it matches or not. */
  private async fromOldest(request: SearchRequest, budget: Budget, signal: AbortSignal): Promise<SearchRequest> {
    const byTime = request.kind === 'histogram' || (request.kind === 'stats' && request.intervalMs !== undefined);
    if (!byTime || request.from > 0) return request;
    const inquiry = this.inquiry(request, budget, signal);
    const found = await inquiry.ask({
      query: scopeClause(request),
      size: 0,
      track_total_hits: false,
      aggs: { oldest: { min: { field: FIELDS.time } } },
    });
    const { value } = (found?.aggregations?.['oldest'] ?? { value: null }) as { readonly value: number | null };
    return value === null ? request : { ...request, from: value };
  }

  /** The pieces of an export. */
  exporting(request: ExportRequest, budget: Budget, signal: AbortSignal): AsyncGenerator<string | Uint8Array<ArrayBuffer>> {
    const { node, shapes } = this.options;
    return exportedPieces(request, { inquiry: this.inquiry(request, budget, signal), maker: this.maker, node, shapes });
  }

  async close(): Promise<void> {
    await this.options.server.close();
  }

  /** A search of these documents on its way. */
  inquiry(scope: SearchScope, budget: Budget, signal: AbortSignal): Inquiry {
    return new Inquiry(this.options.server, this.options.alias(scope.tenant.id), scope, budget, signal);
  }

  /** The events that the answer is made of. */
  private async blocksFor(inquiry: Inquiry, request: SearchRequest): Promise<readonly Block[]> {
    if (request.kind === 'events') return this.page(inquiry, request);
    if (request.kind === 'event') return this.byId(inquiry, request.id);
    if (request.kind === 'context') return this.around(inquiry, request);
    return gather(inquiry, this.maker, { context: this.context(inquiry), query: inquiry.scope.query, order: 'desc' });
  }

  private context({ scope, budget }: Inquiry, found: readonly Block[] = []): SearchContext {
    return contextOf(scope, new FoundSnapshot(found), budget, this.options);
  }

  /** A page of events, and one more if there is. */
  private async page(inquiry: Inquiry, request: RequestOf<'events'>): Promise<Block[]> {
    const { order, cursor } = request;
    const position = cursor === undefined ? undefined : readCursor(request, order, cursor, Date.now() * 1000);
    const paged = position === undefined ? inquiry : inquiry.within({ ...inquiry.scope, from: position.from, to: position.to });
    return gather(paged, this.maker, {
      context: this.context(paged),
      query: paged.scope.query,
      order,
      after: position && { time: position.key.time, id: idOf(position.key, this.options.node) },
      wanted: Math.min(request.limit, limits.eventsPerPage) + 1,
    });
  }

  /** The event of an id, wherever it is in time. */
  private async byId(inquiry: Inquiry, id: string): Promise<Block[]> {
    const anywhere = scopeClause({ ...inquiry.scope, from: -Infinity, to: Infinity });
    const found = await inquiry.ask({
      query: { bool: { filter: [anywhere, term('meniscus.id', id.toLowerCase())] } },
      size: 1,
      track_total_hits: false,
    });
    const reason = inquiry.budget.partialReason;
    const [hit] = found?.hits.hits ?? [];
    if (hit === undefined && reason !== undefined) throw new MeniscusError('unavailable', reason, { retryAfter: 1 });
    const event = readDocument(hit?._source);
    return event === undefined ? [] : this.maker.make([event]).map(({ block }) => block);
  }

  /** An event and as many neighbours of its origin as are asked for. */
  private async around(inquiry: Inquiry, request: RequestOf<'context'>): Promise<Block[]> {
    const found = await this.byId(inquiry, request.id);
    const hit = findEvent(this.context(inquiry, found), request.id);
    const { older, newer } = rangesAround(inquiry.scope, hit.key.time);
    const before = await this.neighbours(inquiry.within(older), request, hit, 'desc', request.before);
    const after = await this.neighbours(inquiry.within(newer), request, hit, 'asc', request.after);
    return [...found, ...before, ...after];
  }

  private async neighbours(inquiry: Inquiry, { by }: RequestOf<'context'>, hit: Hit, order: Order, count: number): Promise<Block[]> {
    if (count === 0) return [];
    const context = this.context(inquiry);
    const { plan, necessary } = sameOrigin(context, by, hit);
    return gather(inquiry, this.maker, {
      context: { ...context, plan },
      query: and([context.scope.query, ...necessary.filter(({ kind }) => kind !== 'all')]),
      order,
      after: { time: hit.key.time, id: idOf(hit.key, this.options.node) },
      wanted: Math.min(count, limits.facetValues),
    });
  }
}
