/** The output of `normalizeBatch`. */
import { ByteSink } from './encode/sink.ts';

export class Batch {
  /** JSON texts, one after the other, nothing between them. */
  readonly json: ByteSink;
  /** End offset of each line's text in `json`; the first `count` are valid. */
  ends: Uint32Array;
  /** 1 for each line that a rule matched. */
  matched: Uint8Array;
  /** Lines in the batch. */
  count = 0;

  constructor(bytes = 64 * 1024, lines = 1024) {
    this.json = new ByteSink(bytes);
    this.ends = new Uint32Array(lines);
    this.matched = new Uint8Array(lines);
  }

  /** Empties the batch; its memory is used again. */
  clear(): void {
    this.json.clear();
    this.count = 0;
  }

  /** Notes that the text of one more line is complete. */
  finishLine(matched: boolean): void {
    if (this.count === this.ends.length) this.grow();
    this.ends[this.count] = this.json.length;
    this.matched[this.count] = matched ? 1 : 0;
    this.count += 1;
  }

  private grow(): void {
    const ends = new Uint32Array(this.count * 2);
    ends.set(this.ends);
    this.ends = ends;
    const matched = new Uint8Array(this.count * 2);
    matched.set(this.matched);
    this.matched = matched;
  }
}
