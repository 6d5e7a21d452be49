import type { ExportRequest, SearchRequest } from '../../search.ts';
import type { ThreadHandle } from './thread-handle.ts';

interface JobBase {
  /** Unique in the pool; never 0. */
  readonly id: number;
  readonly tenant: number;
  /** The thread that has it, undefined while it waits. */
  thread: ThreadHandle | undefined;
}

/** A search from its arrival to its answer. */
export interface SearchJob extends JobBase {
  readonly kind: 'search';
  readonly request: SearchRequest;
  /** By performance.now(): when it has to be answered. */
  readonly deadline: number;
  /** A thread that ended under it was not its fault: it was begun again, which happens once. */
  retried: boolean;
  readonly resolve: (json: string) => void;
  readonly reject: (error: unknown) => void;
}

/** An export from its arrival to its end. */
export interface ExportJob extends JobBase {
  readonly kind: 'export';
  readonly request: ExportRequest;
  readonly piece: (bytes: Uint8Array) => void;
  readonly end: () => void;
  readonly reject: (error: unknown) => void;
}

export type Job = SearchJob | ExportJob;
