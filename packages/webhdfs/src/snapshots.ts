/** Snapshots of directories. */
import type { Caller } from './caller.ts';
import type { CallOptions } from './call.ts';
import type { Snapshot, SnapshotDiff, SnapshotDiffEntry, SnapshottableDirectory } from './types.ts';

/** An entry as the server lists it. HttpFS says '' where there is no target. */
interface ListedEntry {
  sourcePath: string;
  targetPath?: string | null;
  dirId: number;
  fileId: number;
  isReference: boolean;
}

export class Snapshots {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** Lets a directory have snapshots. Only the superuser may. */
  async allow(path: string, options?: CallOptions): Promise<void> {
    await this.#call('ALLOWSNAPSHOT', path, {}, options);
  }

  async disallow(path: string, options?: CallOptions): Promise<void> {
    await this.#call('DISALLOWSNAPSHOT', path, {}, options);
  }

  /** The path of the snapshot. The server chooses a name when none is given. */
  async create(path: string, name?: string, options?: CallOptions): Promise<string> {
    return (await this.#call('CREATESNAPSHOT', path, { snapshotname: name }, options)).string('Path');
  }

  async rename(path: string, from: string, to: string, options?: CallOptions): Promise<void> {
    await this.#call('RENAMESNAPSHOT', path, { oldsnapshotname: from, snapshotname: to }, options);
  }

  async delete(path: string, name: string, options?: CallOptions): Promise<void> {
    await this.#call('DELETESNAPSHOT', path, { snapshotname: name }, options);
  }

  async list(path: string, options?: CallOptions): Promise<Snapshot[]> {
    return (await this.#call('GETSNAPSHOTLIST', path, {}, options)).list('SnapshotList');
  }

  /** The directories that may have snapshots: the user's own, or all for the superuser. */
  async directories(options?: CallOptions): Promise<SnapshottableDirectory[]> {
    return (await this.#call('GETSNAPSHOTTABLEDIRECTORYLIST', '/', {}, options)).list('SnapshottableDirectoryList');
  }

  /** What changed between two snapshots; an empty name is the present (not on HttpFS). At once: see `diffEntries` for many changes. */
  async diff(path: string, from: string, to: string, options?: CallOptions): Promise<SnapshotDiff> {
    return (await this.#call('GETSNAPSHOTDIFF', path, { oldsnapshotname: from, snapshotname: to }, options)).object(
      'SnapshotDiffReport',
    ) as SnapshotDiff;
  }

  /** What changed between two snapshots, fetched in parts as it is consumed. */
  async *diffEntries(path: string, from: string, to: string, options?: CallOptions): AsyncGenerator<SnapshotDiffEntry, void, undefined> {
    let [snapshotdiffstartpath, snapshotdiffindex] = ['', -1];
    do {
      const parameters = { oldsnapshotname: from, snapshotname: to, snapshotdiffstartpath, snapshotdiffindex };
      const answer = await this.#call('GETSNAPSHOTDIFFLISTING', path, parameters, options);
      for (const change of ['create', 'delete', 'modify'] as const) {
        for (const entry of answer.list<ListedEntry>('SnapshotDiffReportListing', `${change}List`)) yield entryOf(change, entry);
      }
      const [lastPath, lastIndex] = [
        answer.string('SnapshotDiffReportListing', 'lastPath'),
        answer.number('SnapshotDiffReportListing', 'lastIndex'),
      ];
      if (lastPath === snapshotdiffstartpath && lastIndex === snapshotdiffindex) return;
      [snapshotdiffstartpath, snapshotdiffindex] = [lastPath, lastIndex];
    } while (snapshotdiffindex !== -1);
  }
}

function entryOf(change: SnapshotDiffEntry['change'], entry: ListedEntry): SnapshotDiffEntry {
  const { dirId, fileId, isReference, sourcePath, targetPath } = entry;
  const common = { change, sourcePath, dirId, fileId, isReference };
  return targetPath === null || targetPath === undefined || targetPath === '' ? common : { ...common, targetPath };
}
