import type { TenantChange, TenantSettings, TenantView } from './tenant.ts';

/** The rules of tenants, tokens, producers and keys over a control store. Rejects with MeniscusError; every change is in force in all threads when it resolves. */
export interface Control {
  readonly tenants: TenantControl;
  readonly keys: KeyControl;
  readonly workers: WorkerControl;
  /** Everything the threads need to know now, then each change as it comes. A subscriber that returns a promise is awaited (at most a second) before the change's call resolves. */
  subscribe(listener: (changes: readonly TenantChange[]) => void | Promise<void>): () => void;
  /** The configuration's default sinks are others now: every tenant's producers that follow them change. Resolves when all threads act by it. */
  setDefaultSinks(sinks: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface NewProducer {
  readonly name: string;
  readonly pattern: string;
  readonly durable?: boolean;
  readonly encrypted?: boolean;
  readonly sinks?: readonly string[];
}

/** As the 2013 API answers it. */
export interface ProducerRecord {
  readonly id: number;
  readonly name: string;
  readonly pattern: string;
  readonly durable: boolean;
  readonly encrypted: boolean;
  readonly sinks: readonly string[];
}

export interface TokenRecord {
  readonly valid: string;
  readonly previous: string | null;
  /** ISO 8601, UTC, microseconds, Z. */
  readonly last_changed: string;
}

export interface TenantRecord {
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly created_at: string;
  readonly event_producers: readonly ProducerRecord[];
  readonly token: TokenRecord;
  readonly settings: TenantSettings;
}

export interface TenantControl {
  /** tenant_exists; bad_request for an id that is empty, over 256 code points, `.`, `..` or with lone surrogates. */
  create(id: string, name?: string): Promise<TenantRecord>;
  /** undefined when there is none. */
  get(id: string): TenantRecord | undefined;
  /** Synchronous look-up for authentication. */
  view(id: string): TenantView | undefined;
  list(): Iterable<TenantRecord>;
  /** tenant_not_found. Its API keys and saved searches go with it. */
  delete(id: string): Promise<void>;
  updateSettings(id: string, settings: Partial<TenantSettings>): Promise<TenantSettings>;
  /** tenant_not_found, producer_exists, unknown_sink. The first id is 1; ids are not used again. */
  addProducer(id: string, producer: NewProducer): Promise<ProducerRecord>;
  /** Absent optional fields keep their value. producer_not_found, producer_exists. */
  updateProducer(id: string, producerId: number, producer: NewProducer): Promise<ProducerRecord>;
  removeProducer(id: string, producerId: number): Promise<void>;
  /** token_too_young within the minimum unless `invalidateNow`, which also revokes the previous one. */
  resetToken(id: string, invalidateNow: boolean): Promise<TokenRecord>;
}

export type Role = 'admin' | 'tenant_admin' | 'reader';

export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly expires_at: string | null;
  readonly created_at: string;
  /** Kept to the minute; null when never. */
  readonly last_used: string | null;
}

/** Who calls: what a key stands for. `tenant` is the tenant_id, null for the operator's keys. */
export interface Principal {
  readonly keyId: string;
  readonly role: Role;
  readonly tenant: string | null;
}

export interface KeyControl {
  /** `tenant` null makes an operator's key (role admin only). Resolves with the text, which is answered once: `msk_` and 43 characters base64url (256 random bits), kept as SHA-256 only. */
  create(
    tenant: string | null,
    key: { readonly name: string; readonly role: Role; readonly expires_at?: string },
  ): Promise<KeyRecord & { readonly key: string }>;
  list(tenant: string | null): readonly KeyRecord[];
  /** key_not_found, also for another tenant's key. */
  revoke(tenant: string | null, keyId: string): Promise<void>;
  /** The principal of a key's text, or undefined (unknown, expired, revoked). Notes its use. */
  authenticate(key: string): Principal | undefined;
  /** Calls back once when a key is revoked or expires, soon when it is so already: open streams of it end. `''` stands for no key (api_auth off) and never ends. */
  onRevoked(keyId: string, listener: () => void): () => void;
  /** On the first start: writes `admin.key` (0600) into the data directory. */
  ensureAdmin(dataDir: string): Promise<void>;
}

/** 2013's worker status documents. */
export interface WorkerStatus {
  readonly hostname: string;
  readonly ip_address_v4: string;
  readonly ip_address_v6: string;
  readonly personality: string;
  readonly status: string;
  readonly system_info: Readonly<Record<string, unknown>>;
}

export interface WorkerControl {
  /** true when the worker is new (then 202, else 200). Known workers: only `status` and `system_info` are taken. */
  report(status: WorkerStatus): Promise<boolean>;
  get(hostname: string): WorkerStatus | undefined;
  list(): readonly WorkerStatus[];
}
