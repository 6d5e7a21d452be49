import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 200;
/** Longer than any installation may take. Then the number belongs to another process by now. */
const STALE_MS = 1_200_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Undefined when nobody holds it, or whoever takes it has not yet said who. */
function holder(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isOld(file: string): boolean {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > STALE_MS;
}

/** Removes the lock of a process that is gone. The rename lets only one of several that saw it do so. */
function breakStale(file: string): void {
  const pid = holder(file);
  if ((pid === undefined || isAlive(pid)) && !isOld(file)) return;
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  rmSync(aside, { force: true });
}

/**
 * Runs `work` while no other process of this computer runs it for the same file. It saves double work and does not stand alone: what
 * `work` makes is published by a rename, which is safe without it.
 */
export async function exclusively<T>(file: string, work: () => Promise<T>): Promise<T> {
  while (!take(file)) {
    breakStale(file);
    await delay(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
