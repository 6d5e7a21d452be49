import { limits } from '../../limits.ts';
import type { Refusal } from '../../sources/source.ts';

/** A refusal on its way to the dead letters, with its raw bytes cut to the limit. */
export interface Letter extends Omit<Refusal, 'raw'> {
  readonly tenant: number | null;
  readonly raw: Uint8Array;
}

/** Letters held for the main thread between two hand-overs; above the limits further ones are only counted. */
const LETTERS_MAX = 2_000;
const BYTES_MAX = 16 << 20;

/** Collects refusals and hands them on soon, in groups: refusing is as cheap as accepting, whoever sends garbage. */
export class Refusals {
  /** Refusals that could not even be kept. */
  dropped = 0;
  private letters: Letter[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly handOn: (letters: readonly Letter[]) => void;

  constructor(handOn: (letters: readonly Letter[]) => void) {
    this.handOn = handOn;
  }

  add(tenant: number | null, refusal: Refusal): void {
    if (this.letters.length >= LETTERS_MAX || this.bytes >= BYTES_MAX) {
      this.dropped++;
      return;
    }
    const raw = Uint8Array.prototype.slice.call(refusal.raw, 0, limits.deadLetterBytes);
    this.bytes += raw.length;
    this.letters.push({ tenant, reason: refusal.reason, text: refusal.text, source: refusal.source, raw });
    this.timer ??= setTimeout(() => this.flush(), 50);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.letters.length === 0) return;
    const letters = this.letters;
    this.letters = [];
    this.bytes = 0;
    this.handOn(letters);
  }
}
