/**
 * The control store keeps tenants, API keys, saved searches and workers: small records by key, read often, written seldom. Implementations: `embedded` (LMDB); a
 * grid uses another behind the same contract suite. Keys are any strings of up to 1,500 bytes, compared as code points.
 */
export interface Versioned<T> {
  readonly value: T;
  /** Changes with every write of the key; opaque. */
  readonly version: number;
}

export interface ControlStoreChange {
  readonly key: string;
  /** undefined: deleted. */
  readonly value: unknown;
}

export interface ControlStore {
  get<T>(key: string): Versioned<T> | undefined;
  /** Keys that begin with `prefix`, in order. */
  list<T>(prefix: string): Iterable<{ readonly key: string } & Versioned<T>>;
  /**
   * Writes durably when the key's version is `expected` (`null`: the key must not exist; undefined: whatever it is). Resolves with the new version, or undefined when somebody was faster.
   */
  put(key: string, value: unknown, expected?: number | null): Promise<number | undefined>;
  /** Resolves false when the version was not `expected` or the key was not there. */
  delete(key: string, expected?: number): Promise<boolean>;
  /**
   * Called after each change is durable, in order, for keys that begin with `prefix`; for a change made through this object, before its `put` or `delete` resolves.
   * The listener must not throw. Gives a function that ends it.
   */
  watch(prefix: string, listener: (change: ControlStoreChange) => void): () => void;
  /** Puts a copy with every change that is durable by now into `directory`, which is made. */
  backup(directory: string): Promise<void>;
  close(): Promise<void>;
}
