/** Bytes that may go on average in a second, and at once after a pause. */
export class ByteRate {
  private readonly perSecond: number;
  private left: number;
  private at = performance.now();

  constructor(perSecond: number) {
    this.perSecond = perSecond;
    this.left = perSecond;
  }

  /** Whether so many may go now. */
  has(bytes: number): boolean {
    const now = performance.now();
    this.left = Math.min(this.perSecond, this.left + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
    return this.left >= bytes;
  }

  spend(bytes: number): void {
    this.left -= bytes;
  }
}
