import { backupEnvironment } from '../../component/lmdb-backup.ts';
import { endOfPrefix, openEnvironment, writeBatch } from '../../component/lmdb.ts';
import type { Environment } from '../../component/lmdb.ts';
import type { ControlStore, ControlStoreChange, Versioned } from '../control-store.ts';
import { MeniscusError } from '../../errors.ts';

const KEY_BYTES = 1500;

interface Watcher {
  readonly prefix: string;
  readonly listener: (change: ControlStoreChange) => void;
}

/** The key's write that is not durable yet: later writers are compared with it, readers do not see it. */
interface InFlight {
  /** undefined: a deletion. */
  readonly version: number | undefined;
}

/** Opens the control store of one process: LMDB in the directory `path`, each change fsynced before its call resolves. */
export function openEmbedded(path: string): ControlStore {
  return new EmbeddedControlStore(openEnvironment(path));
}

class EmbeddedControlStore implements ControlStore {
  readonly #environment: Environment;
  readonly #watchers = new Set<Watcher>();
  readonly #inFlight = new Map<string, InFlight>();
  /** Above every version that anybody in this process can have seen, so that none comes twice. */
  #highest = 0;
  /** Resolves when every change so far is durable and delivered. */
  #tail: Promise<void> = Promise.resolve();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  get<T>(key: string): Versioned<T> | undefined {
    const bytes = this.#environment.get(encodeKey(key));
    return bytes === undefined ? undefined : this.#decode<T>(bytes);
  }

  list<T>(prefix: string): Iterable<{ readonly key: string } & Versioned<T>> {
    const start = Buffer.from(prefix);
    const found: ({ readonly key: string } & Versioned<T>)[] = [];
    for (const { key, value } of this.#environment.getRange({ start, end: endOfPrefix(start) })) {
      found.push({ key: key.toString(), ...this.#decode<T>(value) });
    }
    return found;
  }

  async put(key: string, value: unknown, expected?: number | null): Promise<number | undefined> {
    const keyBytes = encodeKey(key);
    const current = this.#currentVersion(key);
    if (expected !== undefined && (expected ?? undefined) !== current) return await this.#lost(undefined);
    const version = ++this.#highest;
    const text = encodeValue(version, value);
    await this.#write(
      key,
      { version },
      () => this.#environment.put(keyBytes, Buffer.from(text)),
      () => (JSON.parse(text) as [number, unknown])[1],
    );
    return version;
  }

  async delete(key: string, expected?: number): Promise<boolean> {
    const keyBytes = encodeKey(key);
    const current = this.#currentVersion(key);
    if (current === undefined || (expected !== undefined && expected !== current)) return await this.#lost(false);
    this.#highest++;
    await this.#write(
      key,
      { version: undefined },
      () => this.#environment.remove(keyBytes),
      () => undefined,
    );
    return true;
  }

  watch(prefix: string, listener: (change: ControlStoreChange) => void): () => void {
    const watcher = { prefix, listener };
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  async backup(directory: string): Promise<void> {
    await this.#tail;
    await backupEnvironment(this.#environment, directory);
  }

  async close(): Promise<void> {
    await this.#tail;
    await this.#environment.close();
  }

  /** Of the last change that was begun, durable or not. */
  #currentVersion(key: string): number | undefined {
    const pending = this.#inFlight.get(key);
    return pending ? pending.version : this.get(key)?.version;
  }

  /** Answers a writer that was slower only when the faster one's change can be read: a retry at once then sees it. */
  async #lost<T>(answer: T): Promise<T> {
    await this.#tail;
    return answer;
  }

  /** Batches take effect in the order of their calls; their promises may resolve in another, hence the chain. */
  async #write(key: string, entry: InFlight, operation: () => Promise<boolean>, value: () => unknown): Promise<void> {
    this.#inFlight.set(key, entry);
    const written = writeBatch(this.#environment, () => void operation());
    const done = Promise.allSettled([written, this.#tail]).then(([outcome]) => {
      if (this.#inFlight.get(key) === entry) this.#inFlight.delete(key);
      if (outcome.status === 'rejected') {
        const { reason } = outcome as { readonly reason: unknown };
        throw reason instanceof MeniscusError ? reason : new Error('cannot write to the control store', { cause: reason });
      }
      this.#deliver(key, value);
    });
    this.#tail = done.catch(() => {});
    await done;
  }

  #deliver(key: string, value: () => unknown): void {
    for (const watcher of this.#watchers) {
      if (!key.startsWith(watcher.prefix)) continue;
      try {
        watcher.listener({ key, value: value() });
      } catch (error) {
        // The change is durable, so its writer must not fail; a listener that throws is a fault of ours and ends the process.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  #decode<T>(bytes: Buffer): Versioned<T> {
    const [version, value] = JSON.parse(bytes.toString()) as [number, T];
    if (version > this.#highest) this.#highest = version;
    return { value, version };
  }
}

function encodeValue(version: number, value: unknown): string {
  if (value === undefined) throw new TypeError('a control store cannot hold undefined');
  return JSON.stringify([version, value]);
}

/** UTF-8, whose bytes sort like code points. A lone surrogate would become another key's U+FFFD, so it is refused. */
function encodeKey(key: string): Buffer {
  if (!key.isWellFormed()) throw new RangeError('a key of the control store has lone surrogates');
  const bytes = Buffer.from(key);
  if (bytes.length === 0 || bytes.length > KEY_BYTES)
    throw new RangeError(`a key of the control store has 1 to ${KEY_BYTES} bytes, not ${bytes.length}`);
  return bytes;
}
