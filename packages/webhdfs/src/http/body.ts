/** The body of an answer: as text of a limited length, or as a stream. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** How a body is read: the longest silence, the caller's signal, and what the error of a broken body is. */
export interface Reading {
  timeoutMs: number;
  signal: AbortSignal | undefined;
  /** Fewer bytes are a broken body. */
  expected?: number | undefined;
  /** `silent`: the server stopped sending without closing. */
  broken: (words: string, silent: boolean, cause?: unknown) => Error;
}

/**
 * The body of an answer as a stream that fails when the server is silent while somebody wants to read (a slow reader is not the server's silence), when
 * the body ends before its end, and when the signal is aborted. Destroying it closes the connection.
 */
export class BodyStream extends Readable {
  readonly #response: IncomingMessage;
  readonly #reading: Reading;
  #timer: NodeJS.Timeout | undefined;
  #received = 0;
  readonly #onAbort = (): void => void this.destroy(abortReason(this.#reading.signal));

  constructor(response: IncomingMessage, reading: Reading) {
    super();
    this.#response = response;
    this.#reading = reading;
    response.pause();
    response.on('data', (chunk: Buffer) => {
      this.#disarm();
      this.#received += chunk.length;
      if (this.push(chunk)) this.#arm();
      else response.pause();
    });
    response.once('end', () => {
      this.#disarm();
      const { expected = 0 } = reading;
      if (this.#received < expected) this.destroy(reading.broken(`it ended after ${this.#received} of ${expected} bytes`, false));
      else this.push(null);
    });
    response.on('error', (error) => this.destroy(reading.broken(`the connection broke: ${error.message}`, false, error)));
    if (reading.signal?.aborted === true) this.#onAbort();
    else reading.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  override _read(): void {
    this.#arm();
    this.#response.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#disarm();
    this.#reading.signal?.removeEventListener('abort', this.#onAbort);
    // A body that was read to its end leaves the connection to the next call.
    if (!this.#response.complete || !this.#response.readableEnded) this.#response.destroy();
    callback(error);
  }

  #arm(): void {
    this.#disarm();
    const { timeoutMs, broken } = this.#reading;
    this.#timer = setTimeout(() => this.destroy(broken(`no data for ${timeoutMs} ms`, true)), timeoutMs);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** A stream can only be destroyed with an Error. */
function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException('This operation was aborted', { name: 'AbortError', cause: reason } as never);
}

/** Reads the whole body. More than `limit` bytes are `tooLong`. */
export async function readAll(response: IncomingMessage, reading: Reading, limit: number, tooLong: () => Error): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // A stream is left by a throw with its destroy, which closes the connection.
    for await (const chunk of new BodyStream(response, reading) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) throw tooLong();
      chunks.push(chunk);
    }
  } catch (error) {
    reading.signal?.throwIfAborted();
    throw error;
  }
  return Buffer.concat(chunks, length);
}

/** Reads the body of a failed answer as far as it is of use; a body that breaks off is used as far as it came. */
export async function readStart(response: IncomingMessage, reading: Reading, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of new BodyStream(response, reading) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) break;
    }
  } catch {
    reading.signal?.throwIfAborted();
  }
  return Buffer.concat(chunks, length).toString('utf8', 0, limit);
}
