import { mkdirSync } from 'node:fs';
import { open } from 'lmdb';
import type { RootDatabase } from 'lmdb';

/** An LMDB environment with raw keys and values: keys sort by their bytes. */
export type Environment = RootDatabase<Buffer, Buffer>;

/**
 * Opens (and makes) the environment in the directory `path`.
 *
 * `overlappingSync` is off so that a write's promise resolves after its fsync and not before. Writes are `put`, `remove` and `batch` (one transaction) only:
 * asynchronous transaction callbacks never run on some versions of Node, and synchronous transactions would hold the thread for an fsync. Decisions that depend on
 * what is stored are therefore made before the write, which is sound because the data directory's lock admits one process and one thread owns each environment.
 */
export function openEnvironment(path: string): Environment {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return open<Buffer, Buffer>({ path, keyEncoding: 'binary', encoding: 'binary', overlappingSync: false, noSubdir: false });
}

/** Larger than every key that begins with `prefix`, for keys whose next byte is below 0xff. */
export function endOfPrefix(prefix: Buffer): Buffer {
  return Buffer.concat([prefix, Buffer.from([0xff])]);
}
