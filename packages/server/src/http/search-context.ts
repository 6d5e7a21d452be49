import { parse, QueryError, type Query } from '@meniscus/query';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TenantView } from '../control/tenant.ts';
import { MeniscusError } from '../errors.ts';
import type { SearchScope } from '../search/search.ts';
import type { RunningSearches } from './running-searches.ts';
import type { Services } from './services.ts';

const DAY_MICROS = 86_400e6;

/** The clock of requests, in microseconds. */
export function nowMicros(): number {
  return Date.now() * 1e3;
}

/** The tenant of a path. Throws tenant_not_found. */
export function tenantOf(services: Services, id: string): TenantView {
  const tenant = services.control.tenants.view(id);
  if (tenant === undefined) throw new MeniscusError('tenant_not_found');
  return tenant;
}

/** Parses a query once, in the main thread. Throws query_syntax with its position. */
export function parseQuery(q: string, now: number): Query {
  try {
    return parse(q, { now });
  } catch (error) {
    if (error instanceof QueryError) throw new MeniscusError('query_syntax', error.message, { position: error.position });
    throw error;
  }
}

/** Events of a tenant received before this, in microseconds, are past retention. */
export function retainedFrom(tenant: TenantView, now: number): number {
  return now - tenant.settings.retention_days * DAY_MICROS;
}

/** Where a search looks. Throws query_syntax, and bad_request when the range is empty. */
export function scopeOf(
  services: Services,
  tenant: TenantView,
  values: { readonly q: string; readonly from: number; readonly to: number; readonly range?: string },
  now: number,
): SearchScope {
  const { q, from, to, range } = values;
  if (from >= to) throw new MeniscusError('bad_request', 'from must be before to');
  return {
    tenant: { number: tenant.number, id: tenant.id, receivedFrom: retainedFrom(tenant, now) },
    query: parseQuery(q, now),
    from,
    to,
    deadlineMs: services.config.search_deadline,
    text: q,
    ...(range === undefined ? {} : { range }),
  };
}

/** What a running search is shown as, and how it ends when nobody waits for it any more. */
export interface SearchRun {
  readonly signal: AbortSignal;
  end(): void;
}

/** Enters a search into the list of running ones. It is aborted when the client goes away or somebody ends it. */
export function startSearch(
  running: RunningSearches,
  request: FastifyRequest,
  reply: FastifyReply,
  search: { readonly tenant: number; readonly kind: string; readonly query: string },
): SearchRun {
  const entry = running.start({ ...search, keyId: request.principal?.keyId ?? '' });
  const close = (): void => entry.abort(new MeniscusError('unavailable', 'the client closed the connection'));
  reply.raw.once('close', close);
  return {
    signal: entry.signal,
    end: () => {
      reply.raw.off('close', close);
      entry.end();
    },
  };
}
