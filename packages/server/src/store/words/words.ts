/**
 * The words of texts (query-language.md 1, 2): a word is a maximal run of letters, decimal digits and `_`, folded: each code point to its simple
 * lower case, and final sigma to sigma. Only words' hashes are kept; a search hashes the words it looks for in the same way.
 */
const WORD = /[\p{L}\p{Nd}_]+/gu;
const SEED = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
/** In the table of bytes: not ASCII, so look at code points. */
const WIDE = 255;

/** A text with each code point folded. */
export function fold(text: string): string {
  return text.replaceAll('İ', 'i').toLowerCase().replaceAll('ς', 'σ');
}

/** For every byte: 0 when it separates words, else the folded byte, or WIDE. */
function byteTable(): Uint8Array {
  const table = new Uint8Array(256).fill(WIDE, 128);
  for (let c = 48; c < 58; c++) table[c] = c;
  for (let c = 97; c < 123; c++) {
    table[c] = c;
    table[c - 32] = c;
  }
  table[95] = 95;
  return table;
}

function hashBytes(bytes: Uint8Array): number {
  let hash = SEED;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash;
}

/** The hash of a folded word, or undefined when it has one that no filter holds (the word may be anywhere then). */
export function hashWord(word: string): number | undefined {
  const hash = hashBytes(Buffer.from(word));
  return hash === SEED || hash === 0 ? undefined : hash >>> 0;
}

const SLOTS_MIN = 1_024;

/** The set of distinct word hashes of a block. Reused from block to block. */
export class WordSet {
  /** How many distinct words. */
  size = 0;
  private slots = new Int32Array(SLOTS_MIN);
  private shift = 32 - Math.log2(SLOTS_MIN);
  private readonly table = byteTable();
  private readonly scratch = Buffer.allocUnsafeSlow(4_096);

  /** The hashes, in no order: those that are not 0. */
  get hashes(): Int32Array {
    return this.slots;
  }

  clear(): void {
    if (this.slots.length > SLOTS_MIN && this.size * 16 < this.slots.length) {
      // Small blocks should not pay for the table of a large one.
      this.slots = new Int32Array(SLOTS_MIN);
      this.shift = 32 - Math.log2(SLOTS_MIN);
    } else if (this.size > 0) this.slots.fill(0);
    this.size = 0;
  }

  /** Adds the words of a run of UTF-8 bytes. */
  addBytes(bytes: Buffer, ascii: boolean): void {
    if (ascii) this.addAscii(bytes, 0, bytes.length);
    else this.addUtf8(bytes, bytes.length);
  }

  addText(text: string): void {
    if (text.length * 3 > this.scratch.length) this.addSlowly(text);
    else this.addUtf8(this.scratch, this.scratch.utf8Write(text, 0));
  }

  private addSlowly(text: string): void {
    for (const [word] of fold(text).matchAll(WORD)) this.add(hashBytes(Buffer.from(word)));
  }

  private addAscii(bytes: Buffer, from: number, to: number): void {
    const table = this.table;
    let i = from;
    for (;;) {
      while (i < to && table[bytes[i]!] === 0) i++;
      if (i >= to) return;
      let hash = SEED;
      let folded = table[bytes[i]!]!;
      do {
        hash = Math.imul(hash ^ folded, PRIME);
        folded = table[bytes[++i]!]!;
      } while (folded !== 0 && i < to);
      this.add(hash);
    }
  }

  /** Stretches without any ASCII separator are decoded when a byte in them is not ASCII; the rest goes the fast way. */
  private addUtf8(bytes: Buffer, length: number): void {
    const table = this.table;
    let done = 0;
    let start = 0;
    for (let i = 0; i < length; i++) {
      const folded = table[bytes[i]!]!;
      if (folded === 0) start = i + 1;
      else if (folded === WIDE) {
        while (i < length && table[bytes[i]!] !== 0) i++;
        this.addAscii(bytes, done, start);
        this.addSlowly(bytes.utf8Slice(start, i));
        done = i;
        start = i + 1;
      }
    }
    this.addAscii(bytes, done, length);
  }

  private add(hash: number): void {
    if (hash === 0 || hash === SEED) return;
    const slots = this.slots;
    const mask = slots.length - 1;
    let slot = Math.imul(hash, 0x9e3779b1) >>> this.shift;
    for (;;) {
      const held = slots[slot]!;
      if (held === hash) return;
      if (held === 0) break;
      slot = (slot + 1) & mask;
    }
    slots[slot] = hash;
    if (++this.size * 2 > slots.length) this.grow();
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    this.shift--;
    this.size = 0;
    for (const hash of old) if (hash !== 0) this.add(hash);
  }
}
