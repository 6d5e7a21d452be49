import type { TenantRecord } from './control.ts';
import type { ControlStore, ControlStoreChange } from './control-store.ts';
import { TENANTS } from './names.ts';
import { toRecord, toView } from './record.ts';
import type { StoredTenant } from './record.ts';
import type { TenantChange, TenantView } from './tenant.ts';

type Subscriber = (changes: readonly TenantChange[]) => void | Promise<void>;

interface Entry {
  readonly view: TenantView;
  readonly record: TenantRecord;
}

/** How long the caller of a change waits for subscribers: one that hangs must not stop the API. */
const SUBSCRIBER_MS = 1000;

/**
 * All tenants in memory, for look-ups at every message. It hears of changes from the store's watch only, so that one made here and one made on another computer
 * take the same way, and passes them on to its subscribers.
 */
export class Directory {
  readonly #entries = new Map<string, Entry>();
  readonly #subscribers = new Set<Subscriber>();
  readonly #store: ControlStore;
  /** May change: `renew`. */
  readonly #defaultSinks: readonly string[];
  readonly #onError: (error: unknown) => void;
  readonly #unwatch: () => void;
  #published: Promise<unknown> = Promise.resolve();

  constructor(store: ControlStore, defaultSinks: readonly string[], onError: (error: unknown) => void) {
    this.#store = store;
    this.#defaultSinks = defaultSinks;
    this.#onError = onError;
    this.#unwatch = store.watch(TENANTS, (change) => this.#apply(change));
    for (const { value } of store.list<StoredTenant>(TENANTS)) this.#entries.set(value.id, this.#entry(value));
  }

  view(id: string): TenantView | undefined {
    return this.#entries.get(id)?.view;
  }

  record(id: string): TenantRecord | undefined {
    return this.#entries.get(id)?.record;
  }

  /** By id. */
  list(): readonly TenantRecord[] {
    return [...this.#entries.values()].map((entry) => entry.record).sort((a, b) => (a.tenant_id < b.tenant_id ? -1 : 1));
  }

  numbers(): Set<number> {
    return new Set([...this.#entries.values()].map((entry) => entry.view.number));
  }

  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    const all = [...this.#entries.values()].map(({ view }): TenantChange => ({ type: 'put', tenant: view }));
    this.#track(this.#notify(subscriber, all));
    return () => this.#subscribers.delete(subscriber);
  }

  /** Resolves when all changes so far are in force with all subscribers, or they had their time. */
  async settled(): Promise<void> {
    await this.#published;
  }

  /** Makes all tenants anew, since the defaults have changed, and tells subscribers. */
  renew(): void {
    for (const { value } of this.#store.list<StoredTenant>(TENANTS)) this.#entries.set(value.id, this.#entry(value));
    const changes = [...this.#entries.values()].map(({ view }): TenantChange => ({ type: 'put', tenant: view }));
    this.#track(Promise.all([...this.#subscribers].map((subscriber) => this.#notify(subscriber, changes))));
  }

  close(): void {
    this.#unwatch();
    this.#subscribers.clear();
  }

  #entry(stored: StoredTenant): Entry {
    return { view: toView(stored, this.#defaultSinks), record: toRecord(stored, this.#defaultSinks) };
  }

  #apply(change: ControlStoreChange): void {
    const id = change.key.slice(TENANTS.length);
    const before = this.#entries.get(id)?.view;
    const after = change.value === undefined ? undefined : this.#entry(change.value as StoredTenant);
    if (after) this.#entries.set(id, after);
    else this.#entries.delete(id);
    const changes: TenantChange[] = [];
    if (before && before.number !== after?.view.number) changes.push({ type: 'remove', number: before.number, id });
    if (after) changes.push({ type: 'put', tenant: after.view });
    this.#track(Promise.all([...this.#subscribers].map((subscriber) => this.#notify(subscriber, changes))));
  }

  #track(notified: Promise<unknown>): void {
    this.#published = Promise.all([this.#published, notified]);
  }

  /** Never rejects: a subscriber's fault is logged, the change itself is durable already. */
  async #notify(subscriber: Subscriber, changes: readonly TenantChange[]): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, SUBSCRIBER_MS)));
      await Promise.race([subscriber(changes), late]);
    } catch (error) {
      this.#onError(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
