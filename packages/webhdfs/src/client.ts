/** The client: files and directories. What belongs to one subject only (ACLs, snapshots, ...) has an object of its own. */
import type { Readable } from 'node:stream';
import { Acls } from './acls.ts';
import type { CallOptions } from './call.ts';
import { callerOf, type Caller } from './caller.ts';
import { Connection } from './connection.ts';
import { DelegationTokens } from './delegation-tokens.ts';
import { ErasureCoding } from './erasure-coding.ts';
import { FileNotFoundError, RefusedError, UnsupportedError } from './errors.ts';
import type { Data } from './http/upload.ts';
import { settle, type WebHdfsOptions } from './options.ts';
import { absolute } from './path.ts';
import { permissionText, type Permission } from './permission.ts';
import { Quotas } from './quotas.ts';
import { Snapshots } from './snapshots.ts';
import { StoragePolicies } from './storage-policies.ts';
import type { BlockLocation, ContentSummary, FileChecksum, FileStatus, FsStatus, ServerDefaults, TrashRoot } from './types.ts';
import { XAttrs } from './xattrs.ts';

export interface CreateOptions extends CallOptions {
  /** Replace a file that exists. False by default: FileExistsError. With true and data that can be sent again, a failed upload is repeated. */
  overwrite?: boolean | undefined;
  /** Bytes. */
  blockSize?: number | undefined;
  replication?: number | undefined;
  permission?: Permission | undefined;
  /** Permission before the umask of the parent's default ACL. */
  unmaskedPermission?: Permission | undefined;
  /** Bytes. */
  bufferSize?: number | undefined;
  /** `['create', 'sync_block']`, for what `overwrite` does not say. */
  createFlags?: readonly ('create' | 'overwrite' | 'append' | 'sync_block')[] | undefined;
}

export interface AppendOptions extends CallOptions {
  /** Bytes. */
  bufferSize?: number | undefined;
}

export interface OpenOptions extends CallOptions {
  /** First byte to read; 0 by default. Beyond the end is an error of the server. */
  offset?: number | undefined;
  /** How many bytes to read at most; to the end by default. */
  length?: number | undefined;
  /** Bytes. */
  bufferSize?: number | undefined;
}

export interface ReadOptions extends OpenOptions {
  /** More than this many bytes are a ResponseError. 1 GiB by default. */
  maxBytes?: number | undefined;
}

const MAX_READ_BYTES = 1024 * 1024 * 1024;

/**
 * A client of one HDFS, through WebHDFS or HttpFS. Calls may run at the same time.
 *
 * Calls that fail in a way that may pass are repeated (`retries`) when that is safe: operations that give the same when done twice, and others as long
 * as the server has surely done nothing. Every call takes an `AbortSignal` and rejects with its reason. All errors are `WebHdfsError`, but for a
 * TypeError of a wrong argument, the signal's reason and what a caller's own stream throws.
 */
export class WebHdfs {
  readonly acls: Acls;
  readonly xattrs: XAttrs;
  readonly snapshots: Snapshots;
  readonly storagePolicies: StoragePolicies;
  readonly erasureCoding: ErasureCoding;
  readonly quotas: Quotas;
  readonly tokens: DelegationTokens;
  readonly #connection: Connection;
  readonly #call: Caller;

  /** TypeError when an option is wrong. Nothing is connected yet. */
  constructor(options: WebHdfsOptions) {
    this.#connection = new Connection(settle(options));
    this.#call = callerOf(this.#connection);
    this.acls = new Acls(this.#call);
    this.xattrs = new XAttrs(this.#call);
    this.snapshots = new Snapshots(this.#call);
    this.storagePolicies = new StoragePolicies(this.#call);
    this.erasureCoding = new ErasureCoding(this.#call);
    this.quotas = new Quotas(this.#call);
    this.tokens = new DelegationTokens(this.#call);
  }

  /** The URL that the next call is sent to: with several name nodes, the one that was active last. */
  get nameNode(): string {
    return this.#connection.nameNode;
  }

  /** Closes the connections that are kept for the next call. Calls under way are broken. */
  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Writes a file; missing parents are made. When it fails or is aborted on the way, what was sent so far may stay as a file: write to a temporary name
   * and `rename` it where a part of a file would be taken for the whole.
   */
  async createFile(path: string, data: Data, options: CreateOptions = {}): Promise<void> {
    const { overwrite, blockSize, replication, permission, unmaskedPermission, bufferSize, createFlags, signal } = options;
    const parameters = {
      overwrite: overwrite ?? false,
      blocksize: blockSize,
      replication,
      permission: permissionText(permission),
      unmaskedpermission: permissionText(unmaskedPermission),
      buffersize: bufferSize,
      createflag: createFlags?.join(','),
    };
    await this.#connection.send('CREATE', path, data, parameters, { signal, idempotent: overwrite === true });
  }

  /** Adds to the end of a file that exists. Never repeated once data was sent. */
  async appendFile(path: string, data: Data, options: AppendOptions = {}): Promise<void> {
    await this.#connection.send('APPEND', path, data, { buffersize: options.bufferSize }, { signal: options.signal, idempotent: false });
  }

  /**
   * The content as a stream; resolves when it begins. The stream fails with ConnectionError when the server breaks off: open again with `offset` to go on.
   * Consume or destroy it.
   */
  async openFile(path: string, options: OpenOptions = {}): Promise<Readable> {
    const { offset, length, bufferSize } = options;
    return this.#connection.open(path, { offset, length, buffersize: bufferSize }, options);
  }

  /** The content as a whole. */
  async readFile(path: string, options: ReadOptions = {}): Promise<Buffer> {
    const { offset, length, bufferSize, maxBytes } = options;
    return this.#connection.read(path, { offset, length, buffersize: bufferSize }, maxBytes ?? MAX_READ_BYTES, options);
  }

  /** Makes a directory and its missing parents. Nothing happens when it exists. */
  async mkdirs(path: string, options: CallOptions & { permission?: Permission | undefined } = {}): Promise<void> {
    const answer = await this.#call('MKDIRS', path, { permission: permissionText(options.permission) }, options);
    if (!answer.boolean('boolean')) throw refused('MKDIRS', path, 'the server did not make the directory');
  }

  /**
   * Moves a file or directory; an existing directory as destination takes it in. RefusedError when the source is missing, the destination exists or its
   * parent does not.
   *
   * `overwrite: true` replaces a file or empty directory in one step, on a name node. HttpFS does not know it: UnsupportedError when the destination exists.
   */
  async rename(path: string, destination: string, options: CallOptions & { overwrite?: boolean | undefined } = {}): Promise<void> {
    const renameoptions = options.overwrite === true ? 'OVERWRITE' : undefined;
    const answer = await this.#call('RENAME', path, { destination: absolute(destination), renameoptions }, options);
    // With renameoptions the answer is empty, or an exception.
    if (answer.value === undefined || answer.boolean('boolean')) return;
    if (renameoptions !== undefined && (await this.exists(destination, options)) && (await this.exists(path, options))) {
      const remote = {
        exception: 'UnsupportedOperationException',
        javaClassName: '',
        message: 'the server does not rename over what exists',
      };
      throw new UnsupportedError(remote, { operation: 'RENAME', path: absolute(path), retriable: false, mayHaveActed: false, status: 200 });
    }
    throw refused(
      'RENAME',
      path,
      `the server did not rename it to ${destination}: the source is missing, or the destination exists or has no parent`,
    );
  }

  /** True when something was deleted, false when there was nothing. A directory that is not empty needs `recursive`. */
  async delete(path: string, options: CallOptions & { recursive?: boolean | undefined } = {}): Promise<boolean> {
    return (await this.#call('DELETE', path, { recursive: options.recursive ?? false }, options)).boolean('boolean');
  }

  /** Cuts a file to `length` bytes. True when it is done; false when the last block is still being recovered, during which the file cannot be appended to. */
  async truncate(path: string, length: number, options?: CallOptions): Promise<boolean> {
    return (await this.#call('TRUNCATE', path, { newlength: length }, options)).boolean('boolean');
  }

  /** Moves the blocks of `sources` to the end of `path`; the sources are gone afterwards. */
  async concat(path: string, sources: readonly string[], options?: CallOptions): Promise<void> {
    // The list is separated by commas: a name that has one cannot be told apart.
    const commaless = sources.map(absolute);
    if (commaless.some((source) => source.includes(','))) throw new TypeError('the path of a source must not contain a comma');
    await this.#call('CONCAT', path, { sources: commaless.join(',') }, options);
  }

  /** Makes `path` a link to `target`. Most clusters have links switched off: UnsupportedError. */
  async createSymlink(path: string, target: string, options: CallOptions & { createParent?: boolean | undefined } = {}): Promise<void> {
    await this.#call('CREATESYMLINK', path, { destination: target, createparent: options.createParent ?? false }, options);
  }

  async getLinkTarget(path: string, options?: CallOptions): Promise<string> {
    return (await this.#call('GETLINKTARGET', path, {}, options)).string('Path');
  }

  /** FileNotFoundError when there is nothing. */
  async getFileStatus(path: string, options?: CallOptions): Promise<FileStatus> {
    return (await this.#call('GETFILESTATUS', path, {}, options)).object('FileStatus') as FileStatus;
  }

  /** As `getFileStatus`, but of a link itself. */
  async getFileLinkStatus(path: string, options?: CallOptions): Promise<FileStatus> {
    return (await this.#call('GETFILELINKSTATUS', path, {}, options)).object('FileStatus') as FileStatus;
  }

  async exists(path: string, options?: CallOptions): Promise<boolean> {
    try {
      await this.getFileStatus(path, options);
      return true;
    } catch (error) {
      if (error instanceof FileNotFoundError) return false;
      throw error;
    }
  }

  /** What is in a directory, in the order of the server; of a file, the file with an empty `pathSuffix`. At once: see `list` for large directories. */
  async listStatus(path: string, options?: CallOptions): Promise<FileStatus[]> {
    return (await this.#call('LISTSTATUS', path, {}, options)).list('FileStatuses', 'FileStatus');
  }

  /**
   * What is in a directory, fetched in parts as it is consumed. Entries that come or go meanwhile may or may not be seen. HttpFS gives all at once,
   * from the first one on; what it gives up to `startAfter` is left out here, as long as that entry exists.
   */
  async *list(path: string, options: CallOptions & { startAfter?: string | undefined } = {}): AsyncGenerator<FileStatus, void, undefined> {
    let startAfter = options.startAfter;
    for (;;) {
      const answer = await this.#call('LISTSTATUS_BATCH', path, { startAfter }, options);
      const entries = answer.list<FileStatus>('DirectoryListing', 'partialListing', 'FileStatuses', 'FileStatus');
      yield* entries.slice(entries.findIndex(({ pathSuffix }) => pathSuffix === startAfter) + 1);
      if (entries.length === 0 || answer.number('DirectoryListing', 'remainingEntries') === 0) return;
      const last = entries.at(-1)!.pathSuffix;
      if (typeof last !== 'string' || last === startAfter) throw answer.error('the listing does not go on');
      startAfter = last;
    }
  }

  async getContentSummary(path: string, options?: CallOptions): Promise<ContentSummary> {
    return (await this.#call('GETCONTENTSUMMARY', path, {}, options)).object('ContentSummary') as ContentSummary;
  }

  async getFileChecksum(path: string, options?: CallOptions): Promise<FileChecksum> {
    return (await this.#call('GETFILECHECKSUM', path, {}, options)).object('FileChecksum') as FileChecksum;
  }

  /** Where the blocks of a part of a file are; of the whole file by default. */
  async getFileBlockLocations(
    path: string,
    options: CallOptions & { offset?: number | undefined; length?: number | undefined } = {},
  ): Promise<BlockLocation[]> {
    const { offset, length } = options;
    return (await this.#call('GETFILEBLOCKLOCATIONS', path, { offset, length }, options)).list('BlockLocations', 'BlockLocation');
  }

  /** Resolves when the user may do that, AccessDeniedError when not. `action` is three characters: `r--`, `rw-`, `--x`. */
  async checkAccess(path: string, action: string, options?: CallOptions): Promise<void> {
    await this.#call('CHECKACCESS', path, { fsaction: action }, options);
  }

  /** Owner, group, or both. */
  async setOwner(path: string, to: { owner?: string | undefined; group?: string | undefined }, options?: CallOptions): Promise<void> {
    await this.#call('SETOWNER', path, { owner: to.owner, group: to.group }, options);
  }

  async setPermission(path: string, permission: Permission, options?: CallOptions): Promise<void> {
    await this.#call('SETPERMISSION', path, { permission: permissionText(permission) }, options);
  }

  /** False for a directory, which has no replication. */
  async setReplication(path: string, replication: number, options?: CallOptions): Promise<boolean> {
    return (await this.#call('SETREPLICATION', path, { replication }, options)).boolean('boolean');
  }

  /** Times that are left out stay as they are. */
  async setTimes(
    path: string,
    times: { modificationTime?: Date | number | undefined; accessTime?: Date | number | undefined },
    options?: CallOptions,
  ): Promise<void> {
    const parameters = { modificationtime: Number(times.modificationTime ?? -1), accesstime: Number(times.accessTime ?? -1) };
    await this.#call('SETTIMES', path, parameters, options);
  }

  async getHomeDirectory(options?: CallOptions): Promise<string> {
    return (await this.#call('GETHOMEDIRECTORY', '/', {}, options)).string('Path');
  }

  /** The directory that the trash of `path` goes to. */
  async getTrashRoot(path: string, options?: CallOptions): Promise<string> {
    return (await this.#call('GETTRASHROOT', path, {}, options)).string('Path');
  }

  /** The trash directories that exist, of the user or of all users. HttpFS 3.4 answers it with something that is no JSON as soon as there is one: ResponseError. */
  async getTrashRoots(options: CallOptions & { allUsers?: boolean | undefined } = {}): Promise<TrashRoot[]> {
    return (await this.#call('GETTRASHROOTS', '/', { allusers: options.allUsers ?? false }, options)).list('Paths');
  }

  /** Capacity, used and remaining bytes. */
  async getStatus(path = '/', options?: CallOptions): Promise<FsStatus> {
    return (await this.#call('GETSTATUS', path, {}, options)).object('FsStatus') as FsStatus;
  }

  async getServerDefaults(options?: CallOptions): Promise<ServerDefaults> {
    return (await this.#call('GETSERVERDEFAULTS', '/', {}, options)).object('FsServerDefaults') as ServerDefaults;
  }
}

function refused(operation: string, path: string, words: string): RefusedError {
  return new RefusedError(words, { operation, path: absolute(path), retriable: false, mayHaveActed: false });
}
