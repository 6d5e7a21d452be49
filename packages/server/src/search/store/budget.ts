import { setImmediate as nextTurn } from 'node:timers/promises';
import { limits } from '../../limits.ts';

/** How long a search holds its thread before others get a turn. */
const SLICE_MS = 4;

/** Thrown out of the evaluation of a block when the deadline passes in the middle of it. */
export class Interrupted extends Error {}

/** Thrown out of a search that nobody waits for any more. */
export class Cancelled extends Error {}

export interface BudgetOptions {
  readonly deadlineMs: number;
  /** Bytes that the result may take. */
  readonly resultBytes?: number;
  /** Called whenever the search gets the thread: says who holds it, should it never come back. */
  readonly onTurn?: () => void;
}

/**
 * What one search may still spend. Every loop over blocks asks `step` before each block: it gives other searches of the thread their turn, and
 * says when to stop with what there is. Columns of one block are the unit that cannot be interrupted: a few milliseconds.
 */
export class Budget {
  readonly started = performance.now();
  scannedEvents = 0;
  scannedBytes = 0;
  /** Blocks that the search has to look at, and has. */
  blocks = 0;
  blocksDone = 0;
  private readonly deadlineMs: number;
  private readonly resultBytes: number;
  private readonly onTurn: (() => void) | undefined;
  private sliceEnd = 0;
  private used = 0;
  private cancelled = false;
  private reason: string | undefined;
  private readonly missing: string[] = [];

  constructor(options: BudgetOptions) {
    this.deadlineMs = options.deadlineMs;
    this.resultBytes = options.resultBytes ?? limits.searchResultBytes;
    this.onTurn = options.onTurn;
    this.sliceEnd = this.started + SLICE_MS;
    this.onTurn?.();
  }

  get elapsedMs(): number {
    return performance.now() - this.started;
  }

  /** Why the answer is partial; undefined while it is whole. */
  get partialReason(): string | undefined {
    return this.reason === undefined && this.missing.length === 0 ? undefined : [...this.missing, this.reason ?? []].flat().join('; ');
  }

  /** True once the search has to end with what there is. */
  get stopped(): boolean {
    return this.reason !== undefined;
  }

  /** Something cannot be read: the search goes on without it, and says so. */
  lacks(what: string): void {
    if (!this.missing.includes(what) && this.missing.length < 20) this.missing.push(what);
  }

  /** True: go on. False: stop, and answer what there is. Throws Cancelled. */
  async step(): Promise<boolean> {
    if (performance.now() >= this.sliceEnd) await this.rest();
    return this.check();
  }

  /** Lets others have the thread when it was held long enough; for work that is no search any more. Throws Cancelled. */
  async breathe(): Promise<void> {
    if (performance.now() >= this.sliceEnd) await this.rest();
    if (this.cancelled) throw new Cancelled();
  }

  /** Throws Interrupted when the deadline has passed: within one block, where there is no giving way. */
  interrupt(): void {
    if (this.reason !== undefined || this.elapsedMs >= this.deadlineMs) throw new Interrupted();
  }

  /** Lets others have the thread. */
  async rest(): Promise<void> {
    await nextTurn();
    this.onTurn?.();
    this.sliceEnd = performance.now() + SLICE_MS;
  }

  /** `step` without giving way: for loops that must not be interrupted. */
  check(): boolean {
    if (this.cancelled) throw new Cancelled();
    if (this.reason !== undefined) return false;
    if (this.elapsedMs < this.deadlineMs) return true;
    this.stop(`the deadline of ${Math.round(this.deadlineMs)} ms passed; ${this.blocksDone} of ${this.blocks} blocks were read`);
    return false;
  }

  /** Whether less than a share of the time is used: for work in several passes. */
  within(share: number): boolean {
    return this.elapsedMs < share * this.deadlineMs;
  }

  /** Ends the search with what there is; the first reason counts. */
  stop(reason: string): void {
    this.reason ??= reason;
  }

  cancel(): void {
    this.cancelled = true;
  }

  /** Accounts for memory of the result (negative gives back). False when there is no room: the answer becomes partial. */
  charge(bytes: number): boolean {
    this.used += bytes;
    if (this.used <= this.resultBytes) return true;
    this.stop(`the result takes more than ${this.resultBytes >> 20} MiB of memory; ${this.blocksDone} of ${this.blocks} blocks were read`);
    return false;
  }

  /** The end of every answer: `"partial":...,"stats":{...}`, without braces. */
  tail(): string {
    const partial = this.partialReason;
    const reason = partial === undefined ? '' : `,"partial_reason":${JSON.stringify(partial)}`;
    const elapsed = Math.round(this.elapsedMs * 1000) / 1000;
    const stats = `{"elapsed_ms":${elapsed},"scanned_events":${this.scannedEvents},"scanned_bytes":${this.scannedBytes}}`;
    return `"partial":${partial !== undefined}${reason},"stats":${stats}`;
  }
}
