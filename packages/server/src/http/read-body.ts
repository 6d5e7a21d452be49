import type { IncomingMessage } from 'node:http';
import { MeniscusError } from '../errors.ts';
import type { BodyBudget } from './body-budget.ts';
import { bodyTooLarge } from './problem.ts';

/** The first buffer of a body whose length is not said. */
const FIRST_BYTES = 64 << 10;
const EMPTY = Buffer.alloc(0);

/** A body on its way in: its bytes, and what it holds of the budget until `release`. */
export class BodyReader {
  private readonly request: IncomingMessage;
  private readonly limit: number;
  private readonly budget: BodyBudget;
  private readonly owner: number;
  private buffer: Buffer = EMPTY;
  private used = 0;
  private held = 0;

  constructor(request: IncomingMessage, limit: number, budget: BodyBudget, owner: number) {
    this.request = request;
    this.limit = limit;
    this.budget = budget;
    this.owner = owner;
  }

  /**
   * The whole body, its bytes alone in their ArrayBuffer. Rejects with body_too_large above the limit (the rest is read and dropped, so that the answer
   * reaches a sender that is still writing), with queue_full when the budget has no room in time, and with bad_request when the sender goes away.
   */
  async read(): Promise<Uint8Array> {
    const { 'content-length': length, 'transfer-encoding': encoding } = this.request.headers;
    const known = length === undefined ? undefined : Number(length);
    if (known === 0 || (known === undefined && encoding === undefined)) return new Uint8Array(0);
    if (known !== undefined && known > this.limit) throw bodyTooLarge(this.limit);
    const waiting = this.grow(known ?? Math.min(FIRST_BYTES, this.limit));
    if (waiting !== undefined) await waiting;
    await this.collect();
    return this.used === this.buffer.length ? this.buffer : new Uint8Array(this.buffer.subarray(0, this.used));
  }

  /** Gives the budget back: when the body has been handed on and answered. Idempotent. */
  release(): void {
    if (this.held > 0) this.budget.give(this.owner, this.held);
    this.held = 0;
  }

  private collect(): Promise<void> {
    const { request } = this;
    return new Promise((resolve, reject) => {
      const fail = (error: MeniscusError): void => {
        request.off('data', onData);
        request.resume();
        reject(error);
      };
      const onData = (chunk: Buffer): void => {
        const waiting = this.add(chunk, fail);
        if (waiting === undefined) return;
        request.pause();
        waiting.then(() => request.resume(), fail);
      };
      const gone = (): void => reject(new MeniscusError('bad_request', 'the body ended early'));
      request.on('data', onData).once('end', resolve).once('error', gone).once('close', gone);
    });
  }

  /** Copies a chunk; the promise is for room that has to be waited for. */
  private add(chunk: Buffer, fail: (error: MeniscusError) => void): Promise<void> | undefined {
    const end = this.used + chunk.length;
    if (end > this.limit) {
      fail(bodyTooLarge(this.limit));
      return undefined;
    }
    const waiting = end > this.buffer.length ? this.grow(Math.min(this.limit, Math.max(end, 2 * this.buffer.length))) : undefined;
    if (waiting !== undefined) return waiting.then(() => this.append(chunk));
    this.append(chunk);
    return undefined;
  }

  private append(chunk: Buffer): void {
    chunk.copy(this.buffer, this.used);
    this.used += chunk.length;
  }

  /** Takes the room first: nothing is allocated that the budget does not allow. */
  private grow(bytes: number): Promise<void> | undefined {
    const waiting = this.budget.take(this.owner, bytes - this.held);
    if (waiting !== undefined) return waiting.then(() => this.enlarge(bytes));
    this.enlarge(bytes);
    return undefined;
  }

  private enlarge(bytes: number): void {
    this.held = bytes;
    const buffer = Buffer.allocUnsafeSlow(bytes);
    this.buffer.copy(buffer, 0, 0, this.used);
    this.buffer = buffer;
  }
}
