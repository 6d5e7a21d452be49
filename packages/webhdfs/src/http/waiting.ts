/** Waiting for one thing at a time, where silence, an error elsewhere or the caller's signal may end the wait. */

/** Thrown inside by `within`; the caller of `exchange` gets a TimeoutError. */
export class SilenceError extends Error {
  override name = 'SilenceError';
}

/**
 * A wait that others can end. One of these lives as long as a request and serves all its waits: racing each of them against one long-lived promise
 * would keep a reaction per chunk in memory until the request ends.
 */
export class Waiting {
  #failure: { error: unknown } | undefined;
  #reject: ((error: unknown) => void) | undefined;

  /** Ends the present wait and every later one with `error`. The first error counts. */
  interrupt(error: unknown): void {
    this.#failure ??= { error };
    this.#reject?.(this.#failure.error);
  }

  /** The outcome of `work`, or the error of an interruption. */
  async until<T>(work: Promise<T>): Promise<T> {
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#reject = reject;
        if (this.#failure !== undefined) reject(this.#failure.error);
        work.then(resolve, reject);
      });
    } finally {
      this.#reject = undefined;
    }
  }

  /** As `until`, but not longer than `ms`: then it throws SilenceError. */
  async within<T>(ms: number, work: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#reject?.(new SilenceError()), ms);
    try {
      return await this.until(work);
    } finally {
      clearTimeout(timer);
    }
  }
}
