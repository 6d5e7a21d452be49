import type { Environment } from '../component/lmdb.ts';
import { backupEnvironment } from '../component/lmdb-backup.ts';
import { openEnvironment, writeBatch } from '../component/lmdb.ts';
import { MeniscusError } from '../errors.ts';
import { limits } from '../limits.ts';
import { countsKey, decodeLetter, encodeLetter, letterKey, isOf, shelfOf, shelfOfCountsKey, timeOfId } from './codec.ts';
import type { LetterTime, NewLetter } from './codec.ts';
import type { DeadLetters } from './dead-letters.ts';

export interface StoredDeadLetters extends DeadLetters {
  /** Removes those of tenants that are not among these numbers: what a deletion left behind that was cut off. */
  retain(tenants: ReadonlySet<number>): Promise<void>;
  /** Puts a copy into `directory`, which is made. */
  backup(directory: string): Promise<void>;
}

export interface DeadLetterLimits {
  readonly perTenant: number;
  readonly bytesPerTenant: number;
  readonly rawBytes: number;
  readonly documentBytes: number;
}

const defaultLimits: DeadLetterLimits = {
  perTenant: limits.deadLettersPerTenant,
  bytesPerTenant: limits.deadLetterBytesPerTenant,
  rawBytes: limits.deadLetterBytes,
  documentBytes: limits.deadLetterDocumentBytes,
};

/** What a shelf holds. */
interface Counts {
  readonly count: number;
  readonly bytes: number;
}

interface Fresh {
  readonly shelf: number;
  readonly key: Buffer;
  readonly value: Buffer;
}

interface Addition {
  readonly fresh: readonly Fresh[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const NOTHING: Counts = { count: 0, bytes: 0 };

/** Opens the dead letters in the directory `path`. */
export function openDeadLetters(
  path: string,
  options: { readonly limits?: DeadLetterLimits; readonly now?: () => number } = {},
): StoredDeadLetters {
  return new LmdbDeadLetters(openEnvironment(path), options.limits ?? defaultLimits, options.now ?? Date.now);
}

/**
 * Writes run one after the other, so that each sees what the one before left; letters that come while one runs are written together by the next: a flood costs a
 * few large writes, not many small ones.
 */
class LmdbDeadLetters implements StoredDeadLetters {
  readonly #environment: Environment;
  readonly #limits: DeadLetterLimits;
  readonly #now: () => number;
  readonly #counts = new Map<number, Counts>();
  #kept = 0;
  #dropped = 0;
  #last: LetterTime;
  #additions: Addition[] = [];
  #additionBytes = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(environment: Environment, limits: DeadLetterLimits, now: () => number) {
    this.#environment = environment;
    this.#limits = limits;
    this.#now = now;
    // Begins anywhere, so that ids of two runs differ even when the clock was set back between them.
    this.#last = { ms: 0, sequence: Math.floor(Math.random() * 2 ** 40) };
    for (const { key, value } of environment.getRange({ start: countsKey(0), end: letterKey(0) })) {
      this.#setCounts(shelfOfCountsKey(key), JSON.parse(value.toString()) as Counts);
    }
  }

  async backup(directory: string): Promise<void> {
    await backupEnvironment(this.#environment, directory);
  }

  async add(letters: readonly NewLetter[]): Promise<void> {
    const fresh = letters.map((letter) => this.#fresh(letter));
    const bytes = fresh.reduce((sum, { value }) => sum + value.length, 0);
    const isFromSinks = letters.some(({ sink }) => sink !== undefined);
    if (!isFromSinks && this.#additionBytes + bytes > this.#limits.bytesPerTenant && this.#additions.length > 0) {
      // The disk does not keep up: more waiting letters than any tenant may keep would only fill the memory. A sink waits for its letters, so that few are waiting.
      this.#dropped += letters.length;
      return;
    }
    this.#additionBytes += bytes;
    await new Promise<void>((resolve, reject) => {
      this.#additions.push({ fresh, resolve, reject });
      if (this.#additions.length === 1) this.#enqueue(async () => await this.#writeAdditions()).catch(() => {});
    });
  }

  list(...[tenant, { cursor, limit, ...which }]: Parameters<DeadLetters['list']>): ReturnType<DeadLetters['list']> {
    const shelf = shelfOf(tenant);
    const after = cursor === undefined ? undefined : timeOfId(cursor);
    if (cursor !== undefined && after === undefined) throw new MeniscusError('bad_cursor');
    const start = after ? letterKey(shelf, after) : letterKey(shelf + 1);
    const deadLetters = [];
    for (const { key, value } of this.#environment.getRange({ start, end: letterKey(shelf), reverse: true, exclusiveStart: true })) {
      if (!isOf(value, which)) continue;
      if (deadLetters.length === limit) return { deadLetters, next: deadLetters.at(-1)?.id ?? null };
      deadLetters.push(decodeLetter(key, value));
    }
    return { deadLetters, next: null };
  }

  get(...[tenant, id]: Parameters<DeadLetters['get']>): ReturnType<DeadLetters['get']> {
    const time = timeOfId(id);
    const key = time && letterKey(shelfOf(tenant), time);
    const value = key && this.#environment.get(key);
    return key && value ? decodeLetter(key, value) : undefined;
  }

  async delete(...[tenant, which]: Parameters<DeadLetters['delete']>): Promise<number> {
    return await this.#enqueue(async () => await this.#remove(shelfOf(tenant), which));
  }

  async drop(tenant: number): Promise<void> {
    await this.delete(tenant, {});
  }

  async retain(tenants: ReadonlySet<number>): Promise<void> {
    for (const shelf of this.#counts.keys()) if (shelf !== 0 && !tenants.has(shelf)) await this.drop(shelf);
  }

  stats(): { readonly kept: number; readonly dropped: number } {
    return { kept: this.#kept, dropped: this.#dropped };
  }

  async close(): Promise<void> {
    await this.#tail;
    await this.#environment.close();
  }

  #fresh(letter: NewLetter): Fresh {
    const shelf = shelfOf(letter.tenant);
    // Never back in time, so that the order of ids is the order of arrival.
    this.#last = { ms: Math.max(this.#now(), this.#last.ms), sequence: this.#last.sequence + 1 };
    return {
      shelf,
      key: letterKey(shelf, this.#last),
      value: encodeLetter(letter, letter.sink === undefined ? this.#limits.rawBytes : this.#limits.documentBytes),
    };
  }

  async #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => {});
    return await done;
  }

  async #writeAdditions(): Promise<void> {
    const additions = this.#additions;
    this.#additions = [];
    this.#additionBytes = 0;
    const byShelf = Map.groupBy(
      additions.flatMap(({ fresh }) => fresh),
      ({ shelf }) => shelf,
    );
    try {
      for (const [shelf, fresh] of byShelf) await this.#put(shelf, fresh);
      for (const { resolve } of additions) resolve();
    } catch (error) {
      for (const { reject } of additions) reject(error);
    }
  }

  /** The newest of `fresh` that fit, in place of as many of the oldest as must go for them. */
  async #put(shelf: number, fresh: readonly Fresh[]): Promise<void> {
    const before = this.#counts.get(shelf) ?? NOTHING;
    let { count, bytes } = NOTHING;
    let first = fresh.length;
    while (first > 0 && this.#fits(count + 1, bytes + fresh[first - 1]!.value.length)) {
      bytes += fresh[--first]!.value.length;
      count++;
    }
    const oldest: Buffer[] = [];
    let kept = before;
    for (const { key, value } of this.#environment.getRange({ start: letterKey(shelf), end: letterKey(shelf + 1) })) {
      if (this.#fits(kept.count + count, kept.bytes + bytes)) break;
      oldest.push(key);
      kept = { count: kept.count - 1, bytes: kept.bytes - value.length };
    }
    await this.#commit(shelf, oldest, fresh.slice(first), { count: kept.count + count, bytes: kept.bytes + bytes });
    this.#dropped += first + oldest.length;
  }

  #fits(count: number, bytes: number): boolean {
    return count <= this.#limits.perTenant && bytes <= this.#limits.bytesPerTenant;
  }

  async #remove(shelf: number, which: Parameters<DeadLetters['delete']>[1]): Promise<number> {
    const keys: Buffer[] = [];
    let { count, bytes } = this.#counts.get(shelf) ?? NOTHING;
    for (const [key, value] of this.#candidates(shelf, which.ids)) {
      if (!isOf(value, which)) continue;
      keys.push(key);
      count--;
      bytes -= value.length;
    }
    if (keys.length > 0) await this.#commit(shelf, keys, [], { count, bytes });
    return keys.length;
  }

  *#candidates(shelf: number, ids: readonly string[] | undefined): Iterable<readonly [Buffer, Buffer]> {
    if (ids === undefined) {
      for (const { key, value } of this.#environment.getRange({ start: letterKey(shelf), end: letterKey(shelf + 1) })) yield [key, value];
      return;
    }
    for (const id of new Set(ids.map((id) => id.toLowerCase()))) {
      const time = timeOfId(id);
      const key = time && letterKey(shelf, time);
      const value = key && this.#environment.get(key);
      if (key && value) yield [key, value];
    }
  }

  /** One transaction, the shelf's sums in it. */
  async #commit(shelf: number, remove: readonly Buffer[], put: readonly Fresh[], counts: Counts): Promise<void> {
    const environment = this.#environment;
    await writeBatch(environment, () => {
      for (const key of remove) void environment.remove(key);
      for (const { key, value } of put) void environment.put(key, value);
      if (counts.count === 0) void environment.remove(countsKey(shelf));
      else void environment.put(countsKey(shelf), Buffer.from(JSON.stringify(counts)));
    });
    this.#setCounts(shelf, counts);
  }

  #setCounts(shelf: number, counts: Counts): void {
    this.#kept += counts.count - (this.#counts.get(shelf)?.count ?? 0);
    if (counts.count === 0) this.#counts.delete(shelf);
    else this.#counts.set(shelf, counts);
  }
}
