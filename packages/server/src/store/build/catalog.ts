import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { linkFile } from '../../component/backup-files.ts';
import type { Manifest } from '../../threads/messages.ts';
import { DamagedError } from '../segment/chunk.ts';
import type { Footer } from '../segment/footer.ts';
import { compareNames, contains, parseSegmentName, TEMPORARY, type SegmentName } from '../segment/names.ts';
import { SegmentFile } from '../segment/segment-file.ts';
import { syncDirectory } from '../segment/segment-writer.ts';

/** Where damaged files are put, below the store's directory. */
export const QUARANTINE = 'quarantine';

/** A segment that the store consists of. */
export interface CatalogEntry {
  readonly name: SegmentName;
  readonly footer: Footer;
  readonly bytes: number;
}

export type Report = (what: string, error?: unknown) => void;

/** A change of the catalog, for query threads. */
export type CatalogChange = Pick<Manifest, 'added' | 'removed'>;

/** Replaced files are removed only after so long: a query thread that is told of them late must still find them. */
const GRACE_MS = 60_000;

/** Moves a damaged file away. */
function quarantine(directory: string, name: string): void {
  mkdirSync(join(directory, QUARANTINE), { recursive: true });
  renameSync(join(directory, name), join(directory, QUARANTINE, name));
}

/** Reads a segment's footer; puts it in quarantine when it is damaged. Undefined when it cannot be used. */
function inspect(directory: string, name: SegmentName, report: Report): CatalogEntry | undefined {
  try {
    const file = new SegmentFile(directory, name);
    file.close();
    return { name, footer: file.footer, bytes: file.bytes };
  } catch (error) {
    report(`cannot use the segment ${name.name}${error instanceof DamagedError ? ', it is moved to quarantine' : ''}`, error);
    if (error instanceof DamagedError) quarantine(directory, name.name);
    return undefined;
  }
}

/**
 * The segments of a store. The listing of the directory is all there is: what a name covers decides what counts, so that a crash at any moment leaves
 * either the files before a change or those after it.
 */
export class Catalog {
  readonly directory: string;
  private readonly entries_ = new Map<string, CatalogEntry>();
  private readonly covered_ = new Map<number, number>();
  private readonly report: Report;
  private readonly listeners: ((change: CatalogChange) => void)[] = [];
  private doomed: { readonly name: string; readonly at: number }[] = [];

  /** Creates the directory when it is not there. Never refuses to start because of a damaged file. */
  constructor(directory: string, report: Report) {
    this.directory = directory;
    this.report = report;
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    const names = this.listing();
    const sound = names.map((name) => inspect(directory, name, report)).filter((entry) => entry !== undefined);
    for (const { name } of sound) this.covered_.set(name.shard, Math.max(this.covered(name.shard), name.to));
    for (const entry of sound) {
      if (sound.some((other) => contains(other.name, entry.name))) rmSync(join(directory, entry.name.name), { force: true });
      else this.entries_.set(entry.name.name, entry);
    }
    syncDirectory(directory);
  }

  /** By shard and position. */
  entries(): CatalogEntry[] {
    return [...this.entries_.values()].sort((a, b) => compareNames(a.name, b.name));
  }

  /** Everything of a shard before this position is in segments, or was before it went. */
  covered(shard: number): number {
    return this.covered_.get(shard) ?? 0;
  }

  manifest(): Manifest {
    return { type: 'manifest', added: [...this.entries_.keys()], removed: [], covered: Object.fromEntries(this.covered_) };
  }

  onChange(listener: (change: CatalogChange) => void): void {
    this.listeners.push(listener);
  }

  /** A segment that has been written takes the place of others, which may be none. */
  replace(added: SegmentName | undefined, removed: readonly string[], nowMs: number): void {
    if (added !== undefined) {
      const entry = inspect(this.directory, added, this.report);
      if (entry === undefined) throw new DamagedError(`the segment ${added.name} is damaged just after it was written`);
      this.entries_.set(added.name, entry);
      this.covered_.set(added.shard, Math.max(this.covered(added.shard), added.to));
    }
    for (const name of removed) {
      this.entries_.delete(name);
      this.doomed.push({ name, at: nowMs + GRACE_MS });
    }
    for (const listener of this.listeners) listener({ added: added === undefined ? [] : [added.name], removed });
  }

  /** For a backup. In one turn, so that no merge comes in between; segments never change, so links are copies. */
  linkInto(directory: string): void {
    mkdirSync(directory, { recursive: true, mode: 0o750 });
    for (const name of this.entries_.keys()) linkFile(join(this.directory, name), join(directory, name));
  }

  /** Removes replaced files whose time has come, or all. */
  sweep(nowMs: number, all = false): void {
    this.doomed = this.doomed.filter(({ name, at }) => {
      if (!all && at > nowMs) return true;
      try {
        rmSync(join(this.directory, name), { force: true });
        return false;
      } catch (error) {
        this.report(`cannot remove the replaced segment ${name}`, error);
        return true;
      }
    });
  }

  private listing(): SegmentName[] {
    const names: SegmentName[] = [];
    for (const file of readdirSync(this.directory)) {
      if (file.endsWith(TEMPORARY)) rmSync(join(this.directory, file), { force: true });
      const name = parseSegmentName(file);
      if (name !== undefined) names.push(name);
    }
    return names;
  }
}
