/** Pieces a thread may make before the first was taken: one is on its way while the next is made. */
export const PIECES_AHEAD = 2;

/** Pieces of an export between the thread that makes them and the reader. */
export class ExportStream {
  private readonly pieces: Uint8Array[] = [];
  private ended = false;
  private error: { readonly reason: unknown } | undefined;
  private wake: (() => void) | undefined;

  push(bytes: Uint8Array): void {
    this.pieces.push(bytes);
    this.wake?.();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  fail(reason: unknown): void {
    this.error ??= { reason };
    this.wake?.();
  }

  /** The next piece, undefined at the end. Throws what ended it. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.error !== undefined) throw this.error.reason;
      const piece = this.pieces.shift();
      if (piece !== undefined || this.ended) return piece;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
