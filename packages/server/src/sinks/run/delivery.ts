import { messageOf } from '../../errors.ts';
import type { Refusal, SinkBatch, SinkWriter } from '../writer.ts';
import { backOffMs, pause } from './back-off.ts';
import type { HealthLog } from './health.ts';
import type { SinkLetter } from './messages.ts';

export interface DeliveryParts {
  readonly writer: SinkWriter;
  readonly health: HealthLog;
  /** Resolves when they are durable. */
  readonly letters: (letters: readonly SinkLetter[]) => Promise<void>;
  readonly retryMaxAgeMs: number | null;
}

/** Letters are handed over when there are so many. */
const LETTERS_AT_ONCE = 200;
const LETTER_TEXT_MAX = 1_000;

/** Writes batches, and whatever it takes: opens the writer, tries again, splits what is refused whole, and keeps what is refused for good as dead letters. */
export class Delivery {
  private readonly parts: DeliveryParts;
  private opened = false;
  /** Events of the batch at hand that became dead letters. */
  private kept = 0;
  /** Why the last try failed. */
  private lastError = '';

  constructor(parts: DeliveryParts) {
    this.parts = parts;
  }

  /** Resolves with true when every event is safe or a dead letter. `stop` gives up between two tries, `abort` the try at hand: then with false. */
  async deliver(events: SinkBatch, bytes: number, stop: AbortSignal, abort: AbortSignal): Promise<boolean> {
    const began = Date.now();
    this.kept = 0;
    let rest: SinkBatch | undefined = await this.try(events, abort);
    for (let attempt = 0; rest !== undefined && !stop.aborted; attempt++) {
      if (this.isExpired(began)) rest = await this.expire(rest, stop);
      else {
        await pause(backOffMs(attempt), stop);
        if (!stop.aborted) rest = await this.try(rest, abort);
      }
    }
    const left = this.kept + (rest?.rows ?? 0);
    if (left < events.rows) this.parts.health.wrote(events.rows - left, rest === undefined ? bytes : 0);
    return rest === undefined;
  }

  /** Runs something else of the writer; false when it failed, which is noted, or `signal` has aborted. */
  async once(run: (writer: SinkWriter) => Promise<void>, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    try {
      await this.open(signal);
      await run(this.parts.writer);
      return true;
    } catch (error) {
      this.fail(error, signal);
      return false;
    }
  }

  /** Once, for who asks whether the sink can be reached. */
  async open(signal: AbortSignal): Promise<void> {
    if (this.opened) return;
    await this.parts.writer.open(signal);
    this.opened = true;
  }

  /** What is left to be tried again; undefined: nothing. */
  private async try(events: SinkBatch, signal: AbortSignal): Promise<SinkBatch | undefined> {
    const pieces = [events];
    const again: SinkBatch[] = [];
    try {
      await this.open(signal);
      while (pieces.length > 0) {
        const piece = pieces[0]!;
        const left = await this.piece(piece, signal);
        pieces.splice(0, 1, ...left.split);
        if (left.again !== undefined) again.push(left.again);
      }
    } catch (error) {
      this.fail(error, signal);
      return joined([...again, ...pieces], events);
    }
    return again.length === 0 ? undefined : joined(again, events);
  }

  private async piece(piece: SinkBatch, signal: AbortSignal): Promise<{ readonly split: SinkBatch[]; readonly again?: SinkBatch }> {
    try {
      const { refused, again, error } = await this.parts.writer.write(piece, signal);
      if (refused.length > 0) await this.refuse(piece, refused, signal);
      if (again.length === 0) return { split: [] };
      this.lastError = error ?? 'the server took only a part';
      this.parts.health.failed(this.lastError);
      return { split: [], again: piece.select(again) };
    } catch (error) {
      if (!isBatchRefused(error)) throw error;
      if (piece.rows > 1) return { split: halves(piece) };
      await this.refuse(piece, [{ row: 0, text: error.message }], signal);
      return { split: [] };
    }
  }

  private fail(error: unknown, signal: AbortSignal): void {
    this.opened = false;
    this.lastError = messageOf(error);
    if (!signal.aborted) this.parts.health.failed(this.lastError);
  }

  private isExpired(began: number): boolean {
    return this.parts.retryMaxAgeMs !== null && Date.now() - began >= this.parts.retryMaxAgeMs;
  }

  private async refuse(piece: SinkBatch, refused: readonly Refusal[], signal: AbortSignal): Promise<void> {
    await this.keep(piece, refused, 'refused', signal);
    this.parts.health.refused(refused.length, refused[0]!.text);
  }

  private async expire(rest: SinkBatch, signal: AbortSignal): Promise<SinkBatch | undefined> {
    const text = `the sink did not take it within retry_max_age: ${this.lastError}`.slice(0, LETTER_TEXT_MAX);
    const all = Array.from({ length: rest.rows }, (_, row): Refusal => ({ row, text }));
    try {
      await this.keep(rest, all, 'expired', signal);
    } catch (error) {
      // A stop while letters could not be kept: it all comes again.
      if (signal.aborted) return rest;
      throw error;
    }
    this.parts.health.expired(rest.rows);
    return undefined;
  }

  /** Insists: an event that is neither delivered nor a dead letter would be lost. */
  private async keep(batch: SinkBatch, refused: readonly Refusal[], reason: SinkLetter['reason'], signal: AbortSignal): Promise<void> {
    for (let from = 0; from < refused.length; from += LETTERS_AT_ONCE) {
      const some = refused.slice(from, from + LETTERS_AT_ONCE).map(({ row, text }): SinkLetter => ({
        tenant: batch.tenant(row).number,
        reason,
        text,
        eventId: batch.id(row),
        document: batch.document(row),
      }));
      for (let attempt = 0; ; attempt++) {
        try {
          await this.parts.letters(some);
          this.kept += some.length;
          break;
        } catch (error) {
          signal.throwIfAborted();
          this.parts.health.failed(`cannot keep dead letters: ${messageOf(error)}`);
          await pause(backOffMs(attempt), signal);
        }
      }
    }
  }
}

/** By its name, since a sink of the operator's own has no class of ours. */
function isBatchRefused(error: unknown): error is Error {
  return error instanceof Error && error.name === 'BatchRefused';
}

function halves(batch: SinkBatch): SinkBatch[] {
  const middle = batch.rows >> 1;
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  return [batch.select(range(0, middle)), batch.select(range(middle, batch.rows))];
}

/** The events of all of `pieces`, which are parts of `whole`, in its order. */
function joined(pieces: readonly SinkBatch[], whole: SinkBatch): SinkBatch {
  if (pieces.length === 1) return pieces[0]!;
  const ids = new Set<string>();
  for (const piece of pieces) for (let row = 0; row < piece.rows; row++) ids.add(piece.id(row));
  const rows: number[] = [];
  for (let row = 0; row < whole.rows; row++) if (ids.has(whole.id(row))) rows.push(row);
  return whole.select(rows);
}
