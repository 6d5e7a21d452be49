import { timingSafeEqual } from 'node:crypto';
import type { ControlStore, ControlStoreChange } from './control-store.ts';
import { keyHash } from './key-text.ts';
import { OPERATOR_KEYS, OWNED } from './names.ts';
import { apiKeyId } from './stored-key.ts';
import type { StoredKey } from './stored-key.ts';

/** Longest delay that a timer takes; a later expiry is looked at again then. */
const TIMER_MAX_MS = 2 ** 31 - 1;

interface Watch {
  readonly listener: () => void;
  timer: NodeJS.Timeout | undefined;
}

/** All API keys in memory, fed by the store's watch: a key made or revoked anywhere counts here at once. */
export class KeyRing {
  readonly #byHash = new Map<string, StoredKey>();
  readonly #byId = new Map<string, StoredKey>();
  readonly #watches = new Map<string, Set<Watch>>();
  readonly #unwatch: readonly (() => void)[];
  readonly #now: () => number;

  constructor(store: ControlStore, now: () => number) {
    this.#now = now;
    const prefixes = [OPERATOR_KEYS, OWNED];
    this.#unwatch = prefixes.map((prefix) => store.watch(prefix, (change) => this.#apply(change)));
    for (const prefix of prefixes) for (const { key, value } of store.list<StoredKey>(prefix)) this.#apply({ key, value });
  }

  /** The key with this text, unless it has expired. */
  find(text: string): StoredKey | undefined {
    const hash = keyHash(text);
    const found = this.#byHash.get(hash);
    if (!found || !timingSafeEqual(Buffer.from(found.hash), Buffer.from(hash))) return undefined;
    return this.#expired(found) ? undefined : found;
  }

  get(id: string): StoredKey | undefined {
    return this.#byId.get(id);
  }

  /** Of the tenant of this number, or the operator's (null), oldest first. */
  list(number: number | null): readonly StoredKey[] {
    return [...this.#byId.values()].filter((key) => key.number === number).sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
  }

  /** Calls back once when the key is revoked or expires; soon when it is so already. */
  onEnd(id: string, listener: () => void): () => void {
    if (id === '') return () => {};
    const watch: Watch = { listener, timer: undefined };
    const watches = this.#watches.get(id) ?? new Set();
    this.#watches.set(id, watches.add(watch));
    this.#arm(id, watch);
    return () => this.#forget(id, watch);
  }

  close(): void {
    for (const end of this.#unwatch) end();
    for (const watches of this.#watches.values()) for (const watch of watches) clearTimeout(watch.timer);
    this.#watches.clear();
  }

  #expired(key: StoredKey): boolean {
    return key.expires_at !== null && Date.parse(key.expires_at) <= this.#now();
  }

  #apply(change: ControlStoreChange): void {
    const id = apiKeyId(change.key);
    if (id === undefined) return;
    const before = this.#byId.get(id);
    if (before) this.#byHash.delete(before.hash);
    if (change.value === undefined) {
      this.#byId.delete(id);
      for (const watch of this.#watches.get(id) ?? []) this.#end(id, watch);
    } else {
      const key = change.value as StoredKey;
      this.#byId.set(id, key);
      this.#byHash.set(key.hash, key);
    }
  }

  #arm(id: string, watch: Watch): void {
    const key = this.#byId.get(id);
    if (key && key.expires_at === null) return;
    const left = key?.expires_at == null ? 0 : Math.max(0, Date.parse(key.expires_at) - this.#now());
    watch.timer = setTimeout(() => (left > TIMER_MAX_MS ? this.#arm(id, watch) : this.#end(id, watch)), Math.min(left, TIMER_MAX_MS));
    watch.timer.unref();
  }

  #end(id: string, watch: Watch): void {
    this.#forget(id, watch);
    watch.listener();
  }

  #forget(id: string, watch: Watch): void {
    clearTimeout(watch.timer);
    const watches = this.#watches.get(id);
    watches?.delete(watch);
    if (watches?.size === 0) this.#watches.delete(id);
  }
}
