import { isUtf8 } from 'node:buffer';

/** Receives the messages of a stream in order. The buffer is only lent for the call. */
export interface FrameSink {
  /**
   * @param valid the bytes are known to be UTF-8; false: not known
   * @param originalLength bytes of the message before it was cut, 0 when it is whole
   * @param problem what went wrong with the frame, '' if nothing
   */
  frame(buffer: Buffer, from: number, to: number, valid: boolean, originalLength: number, problem: string): void;
}

const LF = 10;
const CR = 13;
/** Digits of an octet count that are believed; the longest count with its space and the first byte of the message fit CARRY_FIRST. */
const COUNT_DIGITS_MAX = 9;
const CARRY_FIRST = 512;

const LINE = 0;
const COUNTED = 1;
const UNDECIDED = 2;

/** Bytes at `to` minus those of a character that is not whole. Looks at three bytes at most. */
export function wholeCharacters(buffer: Buffer, from: number, to: number): number {
  for (let back = 1; back <= 3 && to - back >= from; back++) {
    const byte = buffer[to - back]!;
    if (byte < 0x80) return to;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? to - back : to;
  }
  return to;
}

/**
 * Cuts a TCP stream into syslog messages: RFC 6587 octet counting (section 3.4.1) and lines (section 3.4.2), told apart for each message by its first bytes.
 * A count is digits, a space and the `<` (or byte order mark) that a counted message starts with; anything else is a line, ended by LF or NUL.
 * Whole messages are handed on where they lie in the chunk; only what a chunk leaves over is copied. A message longer than `max` is
 * cut, and what follows it is found all the same.
 */
export class FrameReader {
  private readonly sink: FrameSink;
  private readonly max: number;
  /** Beginning of the message that the chunks so far did not end; undefined between messages, so that idle connections hold nothing. */
  private carry: Buffer | undefined;
  private kept = 0;
  /** Bytes of that message received, kept or not. */
  private seen = 0;
  private last = 0;
  private mode = LINE;
  /** Octet-counted: the count. */
  private count = 0;
  /** Positions of the next LF and NUL in the chunk: -1 unknown, the length when there is none. */
  private lf = -1;
  private nul = -1;
  /** The chunk is known to be UTF-8 up to here. */
  private validTo = 0;

  constructor(sink: FrameSink, max: number) {
    this.sink = sink;
    this.max = max;
  }

  push(chunk: Buffer): void {
    this.lf = -1;
    this.nul = -1;
    let at = 0;
    while (this.carry !== undefined && at < chunk.length) at = this.resume(chunk, at);
    if (at >= chunk.length) return;
    const whole = wholeCharacters(chunk, at, chunk.length);
    this.validTo = isUtf8(chunk.subarray(at, whole)) ? whole : 0;
    while (at < chunk.length) at = this.next(chunk, at);
  }

  /** The connection is closed: hands on what came of a message that has no end. */
  end(): void {
    if (this.carry === undefined) return;
    if (this.mode !== COUNTED) this.emitCarry(this.lineLength(), '');
    else this.emitCarry(this.seen > this.max ? this.count : this.seen, `the connection closed after ${this.seen} of ${this.count} octets`);
  }

  /** Handles the message at `at`, between messages. Gives where the next one starts; the chunk's length when it is used up. */
  private next(chunk: Buffer, at: number): number {
    const start = this.countHead(chunk, at, chunk.length);
    if (start < 0) return this.keep(chunk, at, UNDECIDED, 0);
    if (start > 0) return this.counted(chunk, start);
    const end = this.terminator(chunk, at);
    if (end === chunk.length) return this.keep(chunk, at, LINE, 0);
    const length = end > at && chunk[end - 1] === CR ? end - at - 1 : end - at;
    // After a wrong count a line may start within a character.
    const valid = this.validTo > 0 && (chunk[at]! & 0xc0) !== 0x80;
    if (length > this.max) this.sink.frame(chunk, at, wholeCharacters(chunk, at, at + this.max), valid, length, '');
    else this.sink.frame(chunk, at, at + length, valid, 0, '');
    return end + 1;
  }

  private counted(chunk: Buffer, start: number): number {
    const end = start + this.count;
    if (end > chunk.length) return this.keep(chunk, start, COUNTED, this.count);
    // A wrong count may end within a character that the check of the chunk saw completed by the bytes after it.
    const valid = end === this.validTo || (end < this.validTo && (chunk[end]! & 0xc0) !== 0x80);
    if (this.count > this.max) this.sink.frame(chunk, start, wholeCharacters(chunk, start, start + this.max), valid, this.count, '');
    else this.sink.frame(chunk, start, end, valid, 0, '');
    return end;
  }

  /**
   * Where the counted message at `at` starts after its count, which is left in `count`; 0 when what is there is a line, -1 when too little is there to tell.
   * `0 ` before another count is an empty frame.
   */
  private countHead(buffer: Buffer, at: number, to: number): number {
    let i = at;
    let count = 0;
    for (; i < to && i - at <= COUNT_DIGITS_MAX; i++) {
      const digit = buffer[i]! - 48;
      if (digit >>> 0 > 9) break;
      count = count * 10 + digit;
    }
    if (i === at || i - at > COUNT_DIGITS_MAX || (buffer[at] === 48 && i - at > 1)) return 0;
    if (i === to) return -1;
    if (buffer[i] !== 32) return 0;
    if (i + 1 === to) return -1;
    const first = buffer[i + 1]!;
    if (first !== 0x3c && first !== 0xef && !(count === 0 && (first - 48) >>> 0 <= 9)) return 0;
    this.count = count;
    return i + 1;
  }

  /** Position of the next LF or NUL from `at`, the chunk's length when there is none. Each is looked for once, not once for each line. */
  private terminator(chunk: Buffer, at: number): number {
    if (this.lf < at) {
      const lf = chunk.indexOf(LF, at);
      this.lf = lf < 0 ? chunk.length : lf;
    }
    if (this.nul < at) {
      const nul = chunk.indexOf(0, at);
      this.nul = nul < 0 ? chunk.length : nul;
    }
    return this.lf < this.nul ? this.lf : this.nul;
  }

  /** Keeps the rest of the chunk as the beginning of a message. */
  private keep(chunk: Buffer, at: number, mode: number, count: number): number {
    this.mode = mode;
    this.count = count;
    this.carry = Buffer.allocUnsafeSlow(CARRY_FIRST);
    this.append(chunk, at, chunk.length);
    return chunk.length;
  }

  private append(chunk: Buffer, from: number, to: number): void {
    if (to === from) return;
    this.seen += to - from;
    this.last = chunk[to - 1]!;
    const room = Math.min(to - from, this.max - this.kept);
    if (this.kept + room > this.carry!.length) this.grow(this.kept + room);
    chunk.copy(this.carry!, this.kept, from, from + room);
    this.kept += room;
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.max, this.carry!.length * 2)));
    this.carry!.copy(larger, 0, 0, this.kept);
    this.carry = larger;
  }

  /** Goes on with the message in `carry`; gives where the chunk is used up to. */
  private resume(chunk: Buffer, at: number): number {
    if (this.mode === UNDECIDED) return this.decide(chunk, at);
    const end = this.mode === COUNTED ? Math.min(chunk.length, at + this.count - this.seen) : this.terminator(chunk, at);
    this.append(chunk, at, end);
    if (this.mode === COUNTED) {
      if (this.seen === this.count) this.emitCarry(this.count, '');
      return end;
    }
    if (end === chunk.length) return end;
    this.emitCarry(this.lineLength(), '');
    return end + 1;
  }

  /** Takes one more byte of what may be a count. */
  private decide(chunk: Buffer, at: number): number {
    const ends = chunk[at] === LF || chunk[at] === 0;
    if (!ends) this.append(chunk, at, at + 1);
    const start = ends ? 0 : this.countHead(this.carry!, 0, this.kept);
    if (start < 0) return at + 1;
    if (start === 0) {
      this.mode = LINE;
      return ends ? at : at + 1;
    }
    // The byte taken is the first of the message: it is read again with the chunk.
    this.forget();
    if (this.count === 0) {
      this.sink.frame(chunk, at, at, true, 0, '');
      return at;
    }
    this.mode = COUNTED;
    this.carry = Buffer.allocUnsafeSlow(CARRY_FIRST);
    return at;
  }

  /** Length of the line in `carry` without the CR that ended it. */
  private lineLength(): number {
    return this.last === CR ? this.seen - 1 : this.seen;
  }

  /** Hands on what is kept of a message of so many bytes. */
  private emitCarry(length: number, problem: string): void {
    const carry = this.carry!;
    const to = Math.min(this.kept, length);
    const cut = length > this.max;
    this.forget();
    this.sink.frame(carry, 0, cut ? wholeCharacters(carry, 0, to) : to, false, cut ? length : 0, problem);
  }

  private forget(): void {
    this.carry = undefined;
    this.kept = 0;
    this.seen = 0;
    this.last = 0;
  }
}
