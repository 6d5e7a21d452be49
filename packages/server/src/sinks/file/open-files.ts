import { mkdir, open, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing, syncDirectory } from '../../queue/log/io.ts';

/** Files kept open between batches: more are opened and closed with each. */
const OPEN_MAX = 128;
const FILE_MODE = 0o640;
const DIRECTORY_MODE = 0o750;

/** Files that batches are added to; the last used stay open. */
export class OpenFiles {
  /** Least recently used first. */
  private readonly handles = new Map<string, FileHandle>();

  /** The file's size, 0 when it is missing. It is opened or made by `append` only. */
  async size(path: string): Promise<number> {
    const found = await this.find(path);
    return found?.size ?? 0;
  }

  /** Adds bytes at the end and makes them, and the file's name, durable. The directory above the file's own must be there. */
  async append(path: string, bytes: Buffer): Promise<void> {
    const handle = await this.handle(path);
    for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at, bytes.length - at, null)).bytesWritten;
    await handle.datasync();
  }

  async close(): Promise<void> {
    const handles = [...this.handles.values()];
    this.handles.clear();
    await Promise.all(handles.map((handle) => handle.close().catch(() => undefined)));
  }

  /** What is at the path now. A handle of a file that was moved away or removed since is given up: other programs may do so with an archive. */
  private async find(path: string): Promise<{ readonly size: number } | undefined> {
    const found = await stat(path).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      return undefined;
    });
    const handle = this.handles.get(path);
    if (handle === undefined) return found;
    const own = await handle.stat();
    if (own.ino !== found?.ino || own.dev !== found.dev) {
      this.handles.delete(path);
      await handle.close();
    }
    return found;
  }

  private async handle(path: string): Promise<FileHandle> {
    const known = this.handles.get(path);
    if (known !== undefined) {
      this.handles.delete(path);
      this.handles.set(path, known);
      return known;
    }
    const handle = await create(path);
    this.handles.set(path, handle);
    if (this.handles.size > OPEN_MAX) {
      const [oldest, unused] = this.handles.entries().next().value!;
      this.handles.delete(oldest);
      await unused.close();
    }
    return handle;
  }
}

async function create(path: string): Promise<FileHandle> {
  const directory = dirname(path);
  const made = await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
  if (made !== undefined) await syncDirectory(dirname(made));
  const handle = await open(path, 'a', FILE_MODE);
  try {
    await syncDirectory(directory);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handle;
}
