/** Repeating: which name node to ask, what may be asked again, and when. */
import { ConnectionError, StandbyError, UnavailableError, WebHdfsError } from './errors.ts';
import type { Settings } from './options.ts';

/** The configured servers and the one that answered last. */
export class NameNodes {
  readonly #bases: readonly string[];
  #current = 0;

  constructor(bases: readonly string[]) {
    this.#bases = bases;
  }

  get size(): number {
    return this.#bases.length;
  }

  get current(): string {
    return this.#bases[this.#current]!;
  }

  /** Goes to the next one, unless another call has already left `base`. */
  leave(base: string): void {
    if (this.current === base) this.#current = (this.#current + 1) % this.#bases.length;
  }
}

/** What decides whether an attempt is repeated. */
export interface Attempts {
  idempotent: boolean;
  /** False when the data of the call was taken from a stream that cannot be had again. */
  repeatable: () => boolean;
  signal: AbortSignal | undefined;
}

/** It may pass, and it is safe to send again: because it may be done twice, or because it was surely not done. */
function mayRepeat(error: WebHdfsError, attempts: Attempts): boolean {
  return error.retriable && (attempts.idempotent || !error.mayHaveActed) && attempts.repeatable();
}

/** Another name node may know better. */
function isNameNodes(error: WebHdfsError): boolean {
  return (
    error instanceof StandbyError || error instanceof UnavailableError || (error instanceof ConnectionError && error.peer === 'namenode')
  );
}

/** What a caller is told in the end: that the active one is down or not ready says more than that another one is standby. */
function moreTelling(error: WebHdfsError, earlier: WebHdfsError | undefined): WebHdfsError {
  return error instanceof StandbyError && earlier !== undefined && !(earlier instanceof StandbyError) ? earlier : error;
}

/** Runs `attempt` with a name node until it succeeds or must not be repeated. All name nodes are asked before there is a pause. */
export async function withRetries<T>(
  settings: Settings,
  nodes: NameNodes,
  attempts: Attempts,
  attempt: (base: string) => Promise<T>,
): Promise<T> {
  let retries = 0;
  let asked = 1;
  let last: WebHdfsError | undefined;
  for (let number = 1; ; number++) {
    const base = nodes.current;
    try {
      return await attempt(base);
    } catch (error) {
      if (!(error instanceof WebHdfsError)) throw error;
      if (isNameNodes(error)) nodes.leave(base);
      last = moreTelling(error, last);
      if (!mayRepeat(error, attempts)) throw error;
      const another = isNameNodes(error) && asked < nodes.size;
      if (!another && retries === settings.retries) throw last;
      const delayMs = another ? 0 : pause(settings, retries);
      settings.onRetry({ error, attempt: number, delayMs });
      if (another) asked++;
      else {
        asked = 1;
        retries++;
        await sleep(delayMs, attempts.signal);
      }
    }
  }
}

/** Exponential with full jitter, so that many clients of a server that returns do not come together. */
function pause({ backoff }: Settings, retries: number): number {
  return Math.ceil(Math.random() * Math.min(backoff.maxMs, backoff.minMs * 2 ** Math.min(retries, 30)));
}

async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(done, ms);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    function done(): void {
      signal?.removeEventListener('abort', abort);
      resolve();
    }
    signal?.addEventListener('abort', abort, { once: true });
  });
}
