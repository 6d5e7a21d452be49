import type { ControlStore } from './control-store.ts';
import { apiKeyKey } from './names.ts';
import { timestamp } from './record.ts';
import type { StoredKey } from './stored-key.ts';

const MINUTE_MS = 60_000;

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS);
}

/** When each API key was last used, to the minute (its first use in that minute): noted in memory, written once a minute and at close. */
export class KeyUse {
  readonly #store: ControlStore;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  /** By key id. */
  readonly #noted = new Map<string, { readonly key: StoredKey; readonly at: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(store: ControlStore, now: () => number, onError: (error: unknown) => void) {
    this.#store = store;
    this.#now = now;
    this.#onError = onError;
    this.#timer = setInterval(() => void this.flush(), MINUTE_MS).unref();
  }

  note(key: StoredKey): void {
    const at = this.#now();
    const noted = this.#noted.get(key.id);
    if (noted === undefined || minuteOf(noted.at) !== minuteOf(at)) this.#noted.set(key.id, { key, at });
  }

  /** The key with its last use, also when that is not written yet. */
  withUse(key: StoredKey): StoredKey {
    const noted = this.#noted.get(key.id);
    return noted ? { ...key, last_used: timestamp(noted.at) } : key;
  }

  /** Never rejects: what cannot be written is noted again at the next use. */
  async flush(): Promise<void> {
    const noted = [...this.#noted.values()];
    this.#noted.clear();
    await Promise.all(noted.map(async ({ key, at }) => await this.#write(key, timestamp(at)).catch(this.#onError)));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** A key that was revoked meanwhile must not come back, hence the version; one changed meanwhile is written at its next use. */
  async #write(key: StoredKey, lastUsed: string): Promise<void> {
    const held = this.#store.get<StoredKey>(apiKeyKey(key.number, key.id));
    if (held && held.value.last_used !== lastUsed) {
      await this.#store.put(apiKeyKey(key.number, key.id), { ...held.value, last_used: lastUsed }, held.version);
    }
  }
}
