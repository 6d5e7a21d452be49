/** A tenant as the threads that handle events know it: the control store's record without what only the API needs. Cloned to every thread. */
export interface TenantView {
  /** Internal number: given once, never reused, so that a tenant made anew under an old id sees nothing of its predecessor. Safe in file names. */
  readonly number: number;
  /** The tenant_id of the API: any text of 1-256 code points. */
  readonly id: string;
  readonly name: string;
  readonly token: { readonly valid: string; readonly previous: string | null };
  /** By name: the correlation is `pname == name`. */
  readonly producers: readonly ProducerView[];
  readonly settings: TenantSettings;
}

export interface ProducerView {
  readonly id: number;
  readonly name: string;
  readonly pattern: string;
  readonly durable: boolean;
  readonly encrypted: boolean;
  /** Never empty: the defaults are filled in. */
  readonly sinks: readonly string[];
}

export interface TenantSettings {
  /** Days that events are kept, counted from `received`. */
  readonly retention_days: number;
}

/** One change for the threads: a tenant created or changed, or removed. */
export type TenantChange =
  { readonly type: 'put'; readonly tenant: TenantView } | { readonly type: 'remove'; readonly number: number; readonly id: string };
