import type { BatchBuilder } from '../event/batch-builder.ts';
import type { TenantView } from '../control/tenant.ts';

/**
 * A source receives bytes of one protocol in an ingest thread and turns them into rows of the thread's batch. The thread calls `start` once, in order,
 * and `stop` once; between them the source calls the intake.
 */
export interface Source {
  /** Its name in the configuration, metrics and docs. */
  readonly type: string;
  /** Resolves when it listens, with its addresses; rejects with a clear error when it cannot. */
  start(): Promise<ListenerInfo>;
  /** Stops accepting, hands in what was received, closes. Idempotent. */
  stop(): Promise<void>;
}

/** As in run.json: addresses that a client on this computer can use. */
export interface ListenerInfo {
  readonly type: string;
  readonly name?: string;
  /** The tenant's id of a bound listener. */
  readonly tenant?: string;
  readonly tcp?: string;
  readonly udp?: string;
}

/** What an ingest thread gives its sources. All calls are synchronous and cheap. */
export interface Intake {
  /** The batch under construction. After each `commit` call `committed`. Never keep it across calls: use `intake.batch` anew. */
  readonly batch: BatchBuilder;
  /** A row was committed: the thread counts it in `counters.events` and `bytes`, seals a full batch and sees that what is collected is appended soon. `bytes`: its size as received. */
  committed(tenant: TenantView, bytes: number): void;
  /** Index of the origin (tenant and producer by pname) for the row under construction; cached per batch. */
  originOf(tenant: TenantView, pname: string): number;
  /** The tenant that these credentials speak for, or undefined. Constant time in the token. Cached by the caller at most until `directoryVersion` changes. */
  authenticate(tenantId: string, token: string): TenantView | undefined;
  /** A tenant by id, for bound listeners. */
  tenant(tenantId: string): TenantView | undefined;
  /** Counts changes of tenants: a cache keyed by credentials is cleared when it differs. */
  readonly directoryVersion: number;
  /** Keeps what was refused: the tenant's (by number) or the operator's (null) dead letters. Bounded there; `raw` is copied and must hold no credentials. */
  refuse(tenant: number | null, letter: Refusal): void;
  /** True while the queue wants no more: stop reading where the protocol allows it, else drop and count. */
  readonly congested: boolean;
  /** The queue or the disk has no room: that will not pass in a moment, so who can be told is told at once. */
  readonly full?: boolean;
  /** Calls back once when `congested` ends. */
  onRelief(listener: () => void): void;
  readonly counters: SourceCounters;
}

export interface Refusal {
  /** One of the documented reasons: unauthenticated, unparsable, too_large, ... */
  readonly reason: string;
  readonly text: string;
  /** `syslog 10.0.0.1`, `http`: where it came from. */
  readonly source: string;
  readonly raw: Buffer;
}

/** Counted per source, shown by metrics and the pipeline view. Sources add to them directly, but for `events` and `bytes`. */
export interface SourceCounters {
  events: number;
  bytes: number;
  /** Refused, by reason. */
  refused: Map<string, number>;
  /** Refused, by source address: the ones with most, bounded; `others` for the rest. */
  refusedFrom?: Map<string, number>;
  /** Not quite to the standard but taken (`native.parse_error`). */
  parseErrors: number;
  truncated: number;
  emptyFrames: number;
  /** Open now. */
  connections: number;
  /** UDP datagrams that the kernel dropped, and that we dropped while congested. */
  kernelDrops: number;
  congestionDrops: number;
}
