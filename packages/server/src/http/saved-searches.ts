import type { ControlStore } from '../control/control-store.ts';
import { ownedKey } from '../control/names.ts';
import { MeniscusError } from '../errors.ts';
import { limits } from '../limits.ts';

export interface SavedSearch {
  readonly query: string;
  /** As the search's parameters: absolute or relative, checked when it was saved. */
  readonly from?: string | number;
  readonly to?: string | number;
  readonly columns?: readonly string[];
}

/** Searches that a tenant keeps under a name. `tenant` is its internal number, so that a successor under the same id inherits nothing. */
export interface SavedSearches {
  list(tenant: number): readonly ({ readonly name: string } & SavedSearch)[];
  get(tenant: number, name: string): SavedSearch | undefined;
  /** true when the name is new. Throws limit_exceeded when there are too many. */
  put(tenant: number, name: string, search: SavedSearch): Promise<boolean>;
  /** false when there is none. */
  delete(tenant: number, name: string): Promise<boolean>;
}

const KIND = 'saved-search';

function isFull(store: ControlStore, tenant: number): boolean {
  let count = 0;
  for (const _ of store.list(ownedKey(tenant, KIND, ''))) if (++count >= limits.savedSearchesPerTenant) return true;
  return false;
}

/** Saved searches as records of the control store; the control removes them with their tenant. */
export function createSavedSearches(store: ControlStore): SavedSearches {
  return {
    list: (tenant) => {
      const prefix = ownedKey(tenant, KIND, '');
      return Array.from(store.list<SavedSearch>(prefix), ({ key, value }) => ({ name: key.slice(prefix.length), ...value }));
    },
    get: (tenant, name) => store.get<SavedSearch>(ownedKey(tenant, KIND, name))?.value,
    put: async (tenant, name, search) => {
      const key = ownedKey(tenant, KIND, name);
      if (store.get(key) === undefined && isFull(store, tenant))
        throw new MeniscusError(
          'limit_exceeded',
          `at most ${limits.savedSearchesPerTenant} saved searches: delete those that are no longer used`,
        );
      if ((await store.put(key, search, null)) !== undefined) return true;
      await store.put(key, search);
      return false;
    },
    delete: (tenant, name) => store.delete(ownedKey(tenant, KIND, name)),
  };
}
