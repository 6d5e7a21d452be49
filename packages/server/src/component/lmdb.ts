import { mkdirSync, statfsSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { open } from 'lmdb';
import type { RootDatabase } from 'lmdb';
import { MeniscusError } from '../errors.ts';

/** An LMDB environment with raw keys and values: keys sort by their bytes. Write by `writeBatch` only. */
export type Environment = RootDatabase<Buffer, Buffer>;

/** Below this an environment cannot even be opened: LMDB maps its files, and a page that the disk has no room for ends the process. */
const FREE_BYTES = 1 << 20;
const CAUSE_MS = 100;
const RETRY_SECONDS = 5;
/** On a full disk LMDB meets ENOSPC or EDQUOT, or a short write, which it calls EIO. */
const FULL_DISK: ReadonlySet<number> = new Set([constants.errno.ENOSPC, constants.errno.EDQUOT, constants.errno.EIO]);

/**
 * Opens (and makes) the environment in the directory `path`. `overlappingSync` is off so that a write's promise resolves after its fsync and not before;
 * `eventTurnBatching` is off because its own promise is handed to nobody, and would end the process when a commit fails.
 */
export function openEnvironment(path: string): Environment {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = statfsSync(path);
  if (bavail * bsize < FREE_BYTES) throw new MeniscusError('disk_full', `free at least 1 MiB on the disk of ${path}, then start again`);
  return open<Buffer, Buffer>({
    path,
    keyEncoding: 'binary',
    encoding: 'binary',
    overlappingSync: false,
    eventTurnBatching: false,
    noSubdir: false,
  });
}

/**
 * Runs `operations`, puts and removes, as one transaction; resolves when it is on disk. Batches take effect in the order of their calls. On a full disk it rejects with
 * `unavailable` and leaves everything as it was.
 *
 * There is nothing else to write with: LMDB's asynchronous transaction callbacks never run on some versions of Node, and synchronous transactions would hold the thread
 * for an fsync. What a write depends on is therefore read before it, which is sound because the data directory's lock admits one process and each environment has
 * one owner.
 */
export async function writeBatch(environment: Environment, operations: () => void): Promise<void> {
  await environment.batch(operations).catch(async (failure: unknown) => {
    const cause = await causeOf(failure);
    if (isDiskFull(cause))
      throw new MeniscusError('unavailable', 'the disk is full, or cannot be written', { retryAfter: RETRY_SECONDS, cause });
    throw new Error('cannot write to the disk', { cause });
  });
}

/** LMDB gives the system's error as a number or as its text. */
function isDiskFull(cause: unknown): boolean {
  const { code, message = '' } = (cause ?? {}) as { readonly code?: unknown; readonly message?: string };
  return FULL_DISK.has(Number(code)) || /no space left|quota exceeded|input.output error/i.test(message);
}

/** LMDB hands the cause of a failed commit over as a promise that rejects, a little later. */
async function causeOf(failure: unknown): Promise<unknown> {
  const cause = (failure as { commitError?: Promise<unknown> }).commitError?.catch((reason: unknown) => reason);
  return cause === undefined ? failure : await Promise.race([cause, delay(CAUSE_MS, failure, { ref: false })]);
}

/** Larger than every key that begins with `prefix`, for keys whose next byte is below 0xff. */
export function endOfPrefix(prefix: Buffer): Buffer {
  return Buffer.concat([prefix, Buffer.from([0xff])]);
}
