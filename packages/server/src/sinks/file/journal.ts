import { open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, syncDirectory } from '../../queue/log/io.ts';
import { WrittenPlaces } from './written-places.ts';

const INTENT = 'intent.json';
const DONE = 'done.json';
/** Files whose sizes are known: beyond, those that were added to least recently are forgotten. */
const FILES_MAX = 1_000;

/** What a batch is about to add to a file. */
export interface Extension {
  /** Absolute. */
  readonly file: string;
  /** Bytes before and after. */
  readonly from: number;
  readonly to: number;
}

interface Intent {
  readonly batch: number;
  readonly files: readonly (readonly [file: string, from: number, to: number])[];
}

interface Done {
  readonly batch: number;
  readonly files: readonly (readonly [file: string, size: number])[];
  readonly written: readonly (readonly [from: number, to: number])[];
}

/**
 * What the sink must remember over a crash, in two files that are only ever replaced as a whole. Before a batch, `intent.json` says how long its files are and will be; after it, `done.json` says that this batch
 * is in them and which places of the queue have been written. An intent without its `done` is undone at the next start, and its bounds keep that from touching anything else: files that an older copy of this
 * journal knows nothing of (a backup was restored) are left alone.
 */
export class Journal {
  private readonly directory: string;
  private batch = 0;
  private places = new WrittenPlaces();
  /** Sizes, by file; added to least recently first. */
  private sizes = new Map<string, number>();
  private begun: readonly Extension[] = [];

  constructor(directory: string) {
    this.directory = directory;
  }

  get written(): WrittenPlaces {
    return this.places;
  }

  /** How long files were after their last batch. */
  get known(): ReadonlyMap<string, number> {
    return this.sizes;
  }

  /** Reads it. Gives what a batch that was not finished may have added. Rejects when it cannot be read. */
  async load(): Promise<readonly Extension[]> {
    const done = await this.read<Done>(DONE);
    const intent = await this.read<Intent>(INTENT);
    this.places = new WrittenPlaces(done?.written);
    this.sizes = new Map(done?.files);
    this.batch = Math.max(done?.batch ?? 0, intent?.batch ?? 0);
    if (intent === undefined || intent.batch <= (done?.batch ?? 0)) return [];
    return intent.files.map(([file, from, to]) => ({ file, from, to }));
  }

  /** A batch begins. */
  async begin(extensions: readonly Extension[]): Promise<void> {
    this.batch++;
    const intent: Intent = { batch: this.batch, files: extensions.map(({ file, from, to }) => [file, from, to]) };
    await this.replace(INTENT, intent);
    this.begun = extensions;
  }

  /** The batch is on disk: these places of the queue. */
  async finish(places: readonly number[]): Promise<void> {
    const written = this.places.with(places);
    for (const { file, to } of this.begun) {
      this.sizes.delete(file);
      this.sizes.set(file, to);
    }
    for (const file of this.sizes.keys()) if (this.sizes.size > FILES_MAX) this.sizes.delete(file);
    await this.replace(DONE, { batch: this.batch, files: [...this.sizes], written: written.toJSON() } satisfies Done);
    this.places = written;
  }

  /** What was left of an unfinished batch is gone. */
  async undone(): Promise<void> {
    await unlink(join(this.directory, INTENT)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    await syncDirectory(this.directory);
  }

  private async read<T>(name: string): Promise<T | undefined> {
    const path = join(this.directory, name);
    try {
      return JSON.parse(await readFile(path, 'utf8')) as T;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new Error(
        `cannot read ${path}: ${(error as Error).message}. Without it nothing is known of what is in the files: remove it to go on, and a batch may be in them twice`,
        {
          cause: error,
        },
      );
    }
  }

  private async replace(name: string, value: unknown): Promise<void> {
    const path = join(this.directory, name);
    const temporary = `${path}.tmp`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(value)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncDirectory(this.directory);
  }
}
