import type { MessagePort } from 'node:worker_threads';
import type { PlainError } from '../../../threads/ingest-messages.ts';
import type { DirectoryUpdate } from '../../../threads/messages.ts';
import type { ExportRequest, SearchRequest } from '../../search.ts';
import type { FromTail, ToTail } from '../tail/messages.ts';

/** The ports of a query thread: where manifests and hot batches come from. */
export interface QueryPorts {
  readonly build: MessagePort;
  readonly ingest: readonly MessagePort[];
}

/** What a query thread is started with (`workerData`). */
export interface QueryStart extends QueryPorts {
  /** The directory of segments. */
  readonly directory: string;
  /** The node whose ids the events have. */
  readonly node: number;
  /** The part of all caches that the thread may have. */
  readonly cacheShare: number;
  /** Word 0: the number of the search that has the thread, 0 for none. Shared with main, which reads it when the thread does not come back. */
  readonly turn: Int32Array<SharedArrayBuffer>;
  /** Each ingest port says `attached` when all that is not in segments has been sent: the thread is ready only then. */
  readonly waitForIngest: boolean;
}

/** Sent by an ingest thread on the port of a query thread that replaces another, behind what that has to catch up with. */
export interface Attached {
  readonly type: 'attached';
}

export type ToQuery =
  | { readonly type: 'search'; readonly id: number; readonly request: SearchRequest }
  | { readonly type: 'export'; readonly id: number; readonly request: ExportRequest }
  /** So many more pieces of an export may be sent. */
  | { readonly type: 'credit'; readonly id: number; readonly pieces: number }
  /** Nobody waits any more; answered with `ended`. */
  | { readonly type: 'cancel'; readonly id: number }
  | ToTail
  | DirectoryUpdate;

export type FromQuery =
  | FromTail
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly json: string }
  | { readonly type: 'piece'; readonly id: number; readonly bytes: Uint8Array }
  /** An export is complete, or a search was cancelled. */
  | { readonly type: 'ended'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly error: PlainError }
  | { readonly type: 'directory-done'; readonly sequence: number }
  /** Something an operator should know of: a segment that cannot be read. */
  | { readonly type: 'report'; readonly what: string; readonly reason: string };
