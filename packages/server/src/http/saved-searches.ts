import type { ControlStore } from '../control/control-store.ts';

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
  /** true when the name is new. */
  put(tenant: number, name: string, search: SavedSearch): Promise<boolean>;
  /** false when there is none. */
  delete(tenant: number, name: string): Promise<boolean>;
  /** All of a deleted tenant. */
  drop(tenant: number): Promise<void>;
}

/** Numbers are padded, so that the keys of tenant 1 are no prefix of those of tenant 10. */
function prefixOf(tenant: number): string {
  return `saved-search/${String(tenant).padStart(16, '0')}/`;
}

/** Saved searches as records of the control store. */
export function createSavedSearches(store: ControlStore): SavedSearches {
  const keyOf = (tenant: number, name: string): string => prefixOf(tenant) + name;
  return {
    list: (tenant) => {
      const prefix = prefixOf(tenant);
      return Array.from(store.list<SavedSearch>(prefix), ({ key, value }) => ({ name: key.slice(prefix.length), ...value }));
    },
    get: (tenant, name) => store.get<SavedSearch>(keyOf(tenant, name))?.value,
    put: async (tenant, name, search) => {
      if ((await store.put(keyOf(tenant, name), search, null)) !== undefined) return true;
      await store.put(keyOf(tenant, name), search);
      return false;
    },
    delete: (tenant, name) => store.delete(keyOf(tenant, name)),
    drop: async (tenant) => {
      for (const { key } of store.list(prefixOf(tenant))) await store.delete(key);
    },
  };
}
