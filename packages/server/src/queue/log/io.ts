import { open, statfs, type FileHandle } from 'node:fs/promises';
import type { Logger } from 'pino';

export type QueueLogger = Pick<Logger, 'info' | 'warn' | 'error'>;

/** The calls whose failure the log must survive. A test replaces one to cause a fault that no real disk has on demand. */
export interface LogIo {
  /** Writes all buffers at `offset`. */
  write(handle: FileHandle, buffers: readonly Uint8Array[], offset: number): Promise<void>;
  /** fdatasync. */
  sync(handle: FileHandle): Promise<void>;
  /** Bytes of the directory's file system that this process may still use. */
  free(directory: string): Promise<number>;
}

export const diskIo: LogIo = {
  write: writeAll,
  sync: (handle) => handle.datasync(),
  async free(directory) {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  },
};

async function writeAll(handle: FileHandle, buffers: readonly Uint8Array[], offset: number): Promise<void> {
  let left = buffers;
  let at = offset;
  while (left.length > 0) {
    const { bytesWritten } = await handle.writev(left, at);
    at += bytesWritten;
    left = after(left, bytesWritten);
  }
}

/** What is left of the buffers after so many bytes: a write may stop short. */
function after(buffers: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let i = 0;
  let skip = bytes;
  while (i < buffers.length && skip >= buffers[i]!.length) skip -= buffers[i++]!.length;
  const left = buffers.slice(i);
  if (skip > 0) left[0] = left[0]!.subarray(skip);
  return left;
}

/** Whether the error says that the disk, or what this user may have of it, is full. */
export function isNoSpace(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Makes names created, renamed and removed in a directory durable. Windows has no such call and needs none. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
