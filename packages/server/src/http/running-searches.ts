import { randomUUID } from 'node:crypto';
import { MeniscusError } from '../errors.ts';

interface Running {
  readonly tenant: number;
  readonly kind: string;
  readonly query: string;
  readonly keyId: string;
  readonly startedAt: number;
  readonly controller: AbortController;
}

/** A running search as `GET .../searches` answers it. */
export interface RunningSearch {
  readonly id: string;
  readonly kind: string;
  readonly query: string;
  readonly key_id: string | null;
  readonly started_at: string;
  readonly elapsed_ms: number;
}

/** The searches that run now, so that they can be seen and ended. Tenants are internal numbers. */
export class RunningSearches {
  private readonly searches = new Map<string, Running>();

  start(search: { readonly tenant: number; readonly kind: string; readonly query: string; readonly keyId: string }) {
    const id = randomUUID();
    const controller = new AbortController();
    this.searches.set(id, { ...search, startedAt: Date.now(), controller });
    return {
      id,
      signal: controller.signal,
      abort: (reason: MeniscusError): void => controller.abort(reason),
      end: (): void => void this.searches.delete(id),
    };
  }

  list(tenant: number): RunningSearch[] {
    const now = Date.now();
    return [...this.searches]
      .filter(([, search]) => search.tenant === tenant)
      .map(([id, { kind, query, keyId, startedAt }]) => ({
        id,
        kind,
        query,
        key_id: keyId === '' ? null : keyId,
        started_at: new Date(startedAt).toISOString(),
        elapsed_ms: now - startedAt,
      }));
  }

  /** Ends all: the service stops. */
  abortAll(reason: MeniscusError): void {
    for (const { controller } of this.searches.values()) controller.abort(reason);
  }

  /** Ends a search of the tenant; `keyId` limits it to searches begun with that key. Throws not_found and forbidden. */
  cancel(tenant: number, id: string, keyId?: string): void {
    const search = this.searches.get(id);
    if (search?.tenant !== tenant) throw new MeniscusError('not_found', 'there is no such search running');
    if (keyId !== undefined && search.keyId !== keyId) throw new MeniscusError('forbidden', 'a reader ends searches of its own key only');
    search.controller.abort(new MeniscusError('cancelled', 'somebody ended it with DELETE'));
  }
}
