/** A request has so many bytes: what Elasticsearch advises for `_bulk`. */
const BYTES = 5 << 20;
/** Requests are made no smaller than this. */
const BYTES_MIN = 64 << 10;
const GROWTH = 1.25;

/** How large requests are: smaller where the server is too slow for its timeout, or takes no large ones. */
export class PieceSize {
  /** What the server does in time. */
  private pace = BYTES;
  /** What the server, or something before it, takes. */
  private limit = BYTES;

  get bytes(): number {
    return Math.min(this.pace, this.limit);
  }

  answered(): void {
    this.pace = Math.min(BYTES, Math.ceil(this.pace * GROWTH));
  }

  silent(bytes: number): void {
    this.pace = Math.max(BYTES_MIN, Math.min(this.pace, bytes) >> 1);
  }

  tooLarge(bytes: number): void {
    this.limit = Math.max(BYTES_MIN, Math.min(this.limit, bytes) >> 1);
  }

  /** It was one event that is too large, and not that no request may be larger. */
  onlyEvent(): void {
    this.limit = BYTES;
  }
}
