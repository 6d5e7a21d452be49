import type { MessagePort } from 'node:worker_threads';
import type { BuildStats } from './build-service.ts';

/** What the build thread is started with. */
export interface BuildThreadData {
  /** Of the store; created when it is not there. */
  readonly directory: string;
  /** Of zstd, 1-19; 3 is a good one. */
  readonly compressionLevel: number;
}

/** From main to the build thread, besides DirectoryUpdate; the first of those holds all tenants. */
export type BuildCommand =
  /** HotBatch comes in, Covered goes out, first at once: what is covered already. */
  | { readonly type: 'ingest'; readonly shard: number; readonly port: MessagePort }
  /** Manifest goes out, first the whole. */
  | { readonly type: 'query'; readonly port: MessagePort }
  /** Answered with `flush-done` when what came before is in segments, or could not be written (a `report` says so). */
  | { readonly type: 'flush'; readonly sequence: number }
  | { readonly type: 'stats'; readonly sequence: number }
  /** For a backup: put all segments there, as they are now. Answered with `snapshot-done`. */
  | { readonly type: 'snapshot'; readonly sequence: number; readonly directory: string }
  /** Writes what there is; then `stopped`, and the thread ends. */
  | { readonly type: 'stop' };

/** From the build thread to main. */
export type BuildThreadMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'directory-done'; readonly sequence: number }
  | { readonly type: 'flush-done'; readonly sequence: number }
  | { readonly type: 'stats'; readonly sequence: number; readonly stats: BuildStats }
  /** `error`: why it could not be done. */
  | { readonly type: 'snapshot-done'; readonly sequence: number; readonly error: string | undefined }
  /** Something went wrong that an operator should know of; the thread goes on. */
  | { readonly type: 'report'; readonly what: string; readonly reason: string }
  | { readonly type: 'stopped' };
