import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FileNotFoundError, RefusedError, WebHdfs } from '@meniscus/webhdfs';
import { isMissing } from '../../queue/log/io.ts';
import { readSecret } from '../secret-file.ts';
import { readTls } from '../tls-settings.ts';
import { WRITTEN, type SinkBatch, type SinkContext, type SinkWriter, type WriteResult } from '../writer.ts';
import { fileName, rangeOf, type PlaceRange } from './file-path.ts';
import { groupRows, missingRows, rowsWithin, type FileRows } from './groups.ts';
import { holdsAny } from './holds.ts';
import type { HdfsSettings } from './kind.ts';
import { content, fitting } from './lines.ts';

/** Files written at once. */
const PARALLEL = 4;
/** Directories whose files are remembered. */
const DIRECTORIES_MAX = 20_000;
const TEMPORARY = '.tmp';

export function createWriter(settings: HdfsSettings, context: SinkContext): SinkWriter {
  return new HdfsWriter(settings, context);
}

/** A file that is there. */
interface WrittenFile extends PlaceRange {
  readonly name: string;
  /** That it is of this sink is known: it holds an event that this one was given. */
  own: boolean;
}

/**
 * Writes a file for each tenant and day of a batch: under a temporary name, renamed when it is whole. Its name is the range of places in the queue, and what lies within the range of a file that is there is
 * not written again, so that each event is in one file whatever is killed when. Another installation, or an older copy of this one's data, gives the same places to other events:
 * a file that was there before is looked into before events are left out for its sake.
 */
class HdfsWriter implements SinkWriter {
  private readonly settings: HdfsSettings;
  private readonly context: SinkContext;
  private client: WebHdfs | undefined;
  /** What is in the files of a directory, since `open`. */
  private readonly written = new Map<string, WrittenFile[]>();
  /** Temporary files of this sink begin with it: others may write to the same directory. */
  private mark = '';

  constructor(settings: HdfsSettings, context: SinkContext) {
    this.settings = settings;
    this.context = context;
  }

  async open(signal: AbortSignal): Promise<void> {
    this.written.clear();
    const client = await this.connect();
    this.mark = await this.ownMark();
    const temporary = this.absolute(TEMPORARY);
    await client.mkdirs(temporary, { signal });
    for (const { pathSuffix } of await client.listStatus(temporary, { signal }))
      if (pathSuffix.startsWith(this.mark)) await client.delete(`${temporary}/${pathSuffix}`, { signal });
  }

  async check(signal: AbortSignal): Promise<void> {
    await (await this.connect()).mkdirs(this.settings.directory || '/', { signal });
  }

  async write(batch: SinkBatch, signal: AbortSignal): Promise<WriteResult> {
    const groups = groupRows(batch, this.settings.path);
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const work = async (): Promise<void> => {
      for (let group = groups.shift(); group !== undefined && !either.aborted; group = groups.shift())
        await this.writeGroup(batch, group, either);
    };
    const workers = Array.from({ length: Math.min(PARALLEL, groups.length) }, () => work());
    // The first failure ends the others: everything that is missing is tried again.
    for (const worker of workers) worker.catch((error: unknown) => failed.abort(error));
    const results = await Promise.allSettled(workers);
    signal.throwIfAborted();
    const first = results.find((result) => result.status === 'rejected');
    if (first !== undefined) throw failed.signal.reason ?? first.reason;
    return WRITTEN;
  }

  async close(): Promise<void> {
    this.client?.close();
  }

  private async writeGroup(batch: SinkBatch, group: FileRows, signal: AbortSignal): Promise<void> {
    const directory = this.absolute(group.directory);
    const written = await this.filesIn(directory, signal);
    for (const file of written) if (!file.own) await this.examine(batch, group, directory, file, signal);
    const rows = missingRows(batch, group.rows, written);
    for (let from = 0; from < rows.length;) {
      const count = fitting(batch, rows, from, this.settings.file_max_bytes);
      const some = rows.slice(from, from + count);
      const range = { from: batch.position(some[0]!), to: batch.position(some.at(-1)!) };
      const file = { ...range, name: fileName(range, this.settings.compression), own: true };
      if (!(await this.writeFile(batch, some, `${directory}/${file.name}`, signal)))
        await this.examine(batch, group, directory, { ...file, own: false }, signal);
      written.push(file);
      from += count;
    }
  }

  /** Makes sure that events within the range of a file are in it. Rejects when it is somebody else's: what it stands in the way of would be lost. */
  private async examine(batch: SinkBatch, group: FileRows, directory: string, file: WrittenFile, signal: AbortSignal): Promise<void> {
    const rows = rowsWithin(batch, group.rows, file);
    if (rows.length === 0) return;
    const name = `${directory}/${file.name}`;
    const bytes = await this.client!.openFile(name, { signal });
    file.own = await holdsAny(file.name, bytes, new Set(rows.map((row) => batch.id(row))));
    if (!file.own)
      throw new Error(
        `${name} holds other events of these places in the queue, of another service or of before a restore: give the sink a directory of its own`,
      );
  }

  /** False: a file of this name was there already. */
  private async writeFile(batch: SinkBatch, rows: readonly number[], target: string, signal: AbortSignal): Promise<boolean> {
    const { compression, replication } = this.settings;
    const client = this.client!;
    const temporary = this.absolute(`${TEMPORARY}/${this.mark}${randomUUID()}`);
    const data = (): AsyncIterable<Uint8Array> => content(batch, rows, compression) as AsyncIterable<Uint8Array>;
    await client.createFile(temporary, data, { overwrite: true, replication, signal });
    try {
      await client.rename(temporary, target, { signal });
    } catch (error) {
      // The destination is there already, from a try whose answer was lost; or its directory is not.
      if (!(error instanceof RefusedError || error instanceof FileNotFoundError)) throw error;
      await client.mkdirs(path.posix.dirname(target), { signal });
      if (await client.exists(target, { signal })) {
        await client.delete(temporary, { signal });
        return false;
      }
      await client.rename(temporary, target, { signal });
    }
    return true;
  }

  private async filesIn(directory: string, signal: AbortSignal): Promise<WrittenFile[]> {
    let files = this.written.get(directory);
    if (files === undefined) {
      files = await this.list(directory, signal);
      if (this.written.size >= DIRECTORIES_MAX) this.written.clear();
      this.written.set(directory, files);
    }
    return files;
  }

  private async list(directory: string, signal: AbortSignal): Promise<WrittenFile[]> {
    const files: WrittenFile[] = [];
    try {
      for await (const { pathSuffix } of this.client!.list(directory, { signal })) {
        const range = rangeOf(pathSuffix);
        if (range !== undefined) files.push({ ...range, name: pathSuffix, own: false });
      }
    } catch (error) {
      if (!(error instanceof FileNotFoundError)) throw error;
      await this.client!.mkdirs(directory, { signal });
    }
    return files;
  }

  /** Anew with each opening: tokens and certificates may have changed. */
  private async connect(): Promise<WebHdfs> {
    const { url, user, delegation_token_file: token } = this.settings;
    this.client?.close();
    this.client = new WebHdfs({
      url,
      ...(token === undefined ? { user } : { delegationToken: await readSecret(token) }),
      timeoutMs: this.context.timeoutMs,
      connectTimeoutMs: this.context.timeoutMs,
      retries: 0,
      tls: await readTls(this.settings),
    });
    return this.client;
  }

  private async ownMark(): Promise<string> {
    const file = path.join(this.context.stateDirectory, 'mark');
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (!isMissing(error)) throw error;
      const mark = `${randomUUID()}-`;
      await writeFile(file, mark);
      return mark;
    }
  }

  private absolute(below: string): string {
    return `${this.settings.directory}/${below}`;
  }
}
