import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { numbered, range } from '../contract.testing.ts';
import { LogQueue, type LogQueueOptions } from './log-queue.ts';

/** Big enough for a header and a batch of 64 bytes. */
export const RECORD = 96;
export const HEADER = 32;

type Opener = (options?: Partial<LogQueueOptions>) => Promise<LogQueue>;

export interface Place {
  readonly directory: string;
  readonly open: Opener;
}

/** A directory, and a log in it that is closed before the directory goes. */
export async function place(t: TestContext): Promise<Place> {
  const cleanUp = new AsyncDisposableStack();
  t.after(() => cleanUp.disposeAsync());
  const directory = await mkdtemp(join(tmpdir(), 'meniscus-queue-'));
  cleanUp.defer(() => rm(directory, { recursive: true, force: true }));
  const open: Opener = async (options = {}) => {
    const queue = await LogQueue.open({ directory, diskReserveBytes: 0, ...options });
    cleanUp.defer(() => queue.close());
    return queue;
  };
  return { directory, open };
}

export async function logNames(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith('.log')).sort();
}

export async function append(queue: LogQueue, from: number, to: number, size = 64): Promise<number[]> {
  return Promise.all(range(from, to).map((i) => queue.append(numbered(i, size), 1)));
}
