import type { SearchScope } from '../search.ts';
import { FIELDS } from '../../sinks/elasticsearch/fields/fields.ts';
import { allOf, EVERYTHING, range, term, timeRange, type Clause } from './dsl/clause.ts';

/** The documents of the tenant that are in the range and not past retention. An index holds one tenant's documents only; the tenant is asked for all the same, by its
 * number too, which is not that of a deleted one with its id. */
export function scopeClause(scope: Pick<SearchScope, 'tenant' | 'from' | 'to'>): Clause {
  const { id, number, receivedFrom } = scope.tenant;
  const received = Number.isFinite(receivedFrom) ? range(FIELDS.received, { gte: receivedFrom }) : EVERYTHING;
  return allOf([term('meniscus.tenant', id), term(FIELDS.tenant, number), timeRange(FIELDS.time, scope.from, scope.to), received]);
}
