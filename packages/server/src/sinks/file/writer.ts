import { access, constants, mkdir, open, type FileHandle, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing } from '../../queue/log/io.ts';
import { tenantName } from '../tenant-name.ts';
import { WRITTEN, type SinkBatch, type SinkContext, type SinkWriter, type WriteResult } from '../writer.ts';
import { Journal, type Extension } from './journal.ts';
import type { FileSettings } from './kind.ts';
import { OpenFiles } from './open-files.ts';

/** As much of a file's end is searched for half a line. */
const TAIL_BYTES = 4 << 20;

/** Files written to at once: as many as the threads that Node has for it. */
const APPENDS = 4;

export function createWriter(settings: FileSettings, context: SinkContext): SinkWriter {
  return new FileWriter(settings.directory, context);
}

/** What a batch adds to one file. */
interface Addition {
  readonly file: string;
  readonly bytes: Buffer;
}

/**
 * Adds documents to files, each once, whatever is killed when: a batch's files are made durable before the journal says that its events are written, and what a batch left that did not get so far is cut off
 * again. A full disk and every other error of the disk is a batch to try again.
 */
class FileWriter implements SinkWriter {
  private readonly directory: string;
  private readonly context: SinkContext;
  private readonly files = new OpenFiles();
  private readonly journal: Journal;

  constructor(directory: string, context: SinkContext) {
    this.directory = directory;
    this.context = context;
    this.journal = new Journal(context.stateDirectory);
  }

  /** Makes nothing: whoever checks may be another user than the service. */
  async check(): Promise<void> {
    for (let directory = this.directory; ; directory = dirname(directory)) {
      try {
        if (!(await stat(directory)).isDirectory()) throw new Error(`${directory} is no directory`);
        return await access(directory, constants.W_OK | constants.X_OK);
      } catch (error) {
        // What is missing is made in the nearest directory above.
        if (!isMissing(error) || directory === dirname(directory)) throw error;
      }
    }
  }

  async open(): Promise<void> {
    await this.files.close();
    await mkdir(this.directory, { recursive: true, mode: 0o750 });
    const unfinished = await this.journal.load();
    for (const extension of unfinished) await this.cutBack(extension);
    if (unfinished.length > 0) await this.journal.undone();
    for (const [file, size] of this.journal.known) await this.repair(file, size);
  }

  async write(batch: SinkBatch, signal: AbortSignal): Promise<WriteResult> {
    const rows = this.unwritten(batch);
    if (rows.length === 0) return WRITTEN;
    const additions = this.additions(batch, rows);
    await this.journal.begin(await this.extensions(additions));
    await this.append(additions, signal);
    await this.journal.finish(rows.map((row) => batch.position(row)));
    return WRITTEN;
  }

  async close(): Promise<void> {
    await this.files.close();
  }

  private unwritten(batch: SinkBatch): number[] {
    const rows: number[] = [];
    for (let row = 0; row < batch.rows; row++) if (!this.journal.written.has(batch.position(row))) rows.push(row);
    return rows;
  }

  private additions(batch: SinkBatch, rows: readonly number[]): Addition[] {
    const lines = new Map<string, string[]>();
    for (const row of rows) {
      const file = join(this.directory, tenantName(batch.tenant(row).id), `${batch.day(row)}.ndjson`);
      const known = lines.get(file);
      if (known === undefined) lines.set(file, [batch.document(row), '\n']);
      else known.push(batch.document(row), '\n');
    }
    return Array.from(lines, ([file, text]) => ({ file, bytes: Buffer.from(text.join('')) }));
  }

  private async extensions(additions: readonly Addition[]): Promise<Extension[]> {
    const extensions: Extension[] = [];
    for (const { file, bytes } of additions) {
      const from = await this.files.size(file);
      extensions.push({ file, from, to: from + bytes.length });
    }
    return extensions;
  }

  /** Some at a time, since each waits for the disk. Settles when none is under way any more: after an error the files are cut back. */
  private async append(additions: readonly Addition[], signal: AbortSignal): Promise<void> {
    const left = additions.values();
    const work = async (): Promise<void> => {
      for (const { file, bytes } of left) {
        signal.throwIfAborted();
        await this.files.append(file, bytes);
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: APPENDS }, work));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** Takes off what a batch added that was not finished; its events come again. */
  private async cutBack({ file, from, to }: Extension): Promise<void> {
    await edit(file, async (_handle, size) => (size > from && size <= to ? from : size));
  }

  /**
   * Takes off half a line that somebody else left behind what this sink wrote. Whole lines stay: after an older copy of the data directory was put back they are events that will not come again.
   */
  private async repair(file: string, known: number): Promise<void> {
    await edit(file, async (handle, size) => {
      if (size <= known) return size;
      const end = await lastLineEnd(handle, known, size);
      if (end > known) this.context.warn(`${file} has more lines than this sink knows of: they stay`);
      return end;
    });
  }
}

/** Cuts a file to the size that `decide` gives; a missing one is none of ours any more. */
async function edit(file: string, decide: (handle: FileHandle, size: number) => Promise<number>): Promise<void> {
  const handle = await open(file, 'r+').catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    return undefined;
  });
  if (handle === undefined) return;
  try {
    const { size } = await handle.stat();
    const wanted = await decide(handle, size);
    if (wanted >= size) return;
    await handle.truncate(wanted);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Where the last whole line ends, at least `from`; the file's end when no line ends near it. */
async function lastLineEnd(handle: FileHandle, from: number, size: number): Promise<number> {
  const start = Math.max(from, size - TAIL_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
  const newline = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
  if (newline >= 0) return start + newline + 1;
  return start === from ? from : size;
}
