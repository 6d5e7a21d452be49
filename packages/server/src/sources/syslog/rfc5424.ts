import { PID_NIL } from '../../event/batch.ts';
import { NIL } from '../../event/event.ts';
import { HEADER_WORD_MAX, type Message } from './message.ts';
import type { TimestampReader } from './timestamp.ts';
import type { Words } from './words.ts';
import type { Zone } from './zone.ts';

const SPACE = 32;
const MINUS = 45;
const OPEN = 91;
const CREDENTIALS = '[meniscus';
const PID_DIGITS_MAX = 9;
const EPOCH = /^\d{9,10}(?:\.\d{1,9})?$/;

/** Reads the header of RFC 5424 section 6.2 from the timestamp on, to the words and the timestamp of the message. */
export class Rfc5424Reader {
  private readonly words: Words;
  private readonly timestamps: TimestampReader;
  private readonly zone: Zone;
  private at = 0;

  constructor(words: Words, timestamps: TimestampReader, zone: Zone) {
    this.words = words;
    this.timestamps = timestamps;
    this.zone = zone;
  }

  /**
   * Reads what follows `<PRI>1 `. Gives where the structured data should be, -1 when the header ended early. What is not to the standard is noted in the
   * message, and the reading goes on.
   */
  read(message: Message, at: number, received: number): number {
    this.at = at;
    if (message.buffer[at] === SPACE) {
      this.at--;
      if (!this.separator(message)) return -1;
    }
    if (!this.time(message, received)) return -1;
    message.host = this.word(message);
    if (this.at < 0) return -1;
    message.pname = this.word(message);
    if (this.at < 0 || !this.pid(message)) return -1;
    message.msgid = this.word(message);
    return this.at;
  }

  private time(message: Message, received: number): boolean {
    const { buffer, to } = message;
    if (buffer[this.at] === MINUS && buffer[this.at + 1] === SPACE) {
      this.at++;
      return this.separator(message);
    }
    const time = this.timestamps.read(buffer, this.at, to);
    const end = this.timestamps.end;
    if (time === time && (end === to || buffer[end] === SPACE)) {
      message.time = time;
      if (!this.timestamps.zoned) {
        message.time = this.zone.toUtc(time, received);
        message.breach('the timestamp has no offset');
      }
      this.at = end;
      return this.separator(message);
    }
    message.breach('the timestamp is not of RFC 5424');
    const text = this.words.read(buffer, this.at, to);
    if (text.startsWith(CREDENTIALS)) return false;
    if (EPOCH.test(text)) message.time = Math.round(Number(text) * 1e6);
    this.at = this.words.end;
    return this.separator(message);
  }

  /** A number as it is, without a string; most are. */
  private pid(message: Message): boolean {
    const { buffer, to } = message;
    let pid = 0;
    let i = this.at;
    for (; i < to; i++) {
      const digit = buffer[i]! - 48;
      if (digit >>> 0 > 9) break;
      pid = pid * 10 + digit;
    }
    const digits = i - this.at;
    const canonical = digits > 0 && digits <= PID_DIGITS_MAX && (digits === 1 || buffer[this.at] !== 48);
    if (canonical && i + 1 < to && buffer[i] === SPACE && buffer[i + 1] !== SPACE) {
      message.pid = pid;
      this.at = i + 1;
      return true;
    }
    const text = this.word(message);
    if (text !== NIL) message.pidText = text;
    else message.pid = PID_NIL;
    return this.at >= 0;
  }

  private word(message: Message): string {
    const text = this.words.read(message.buffer, this.at, message.to);
    // Credentials where no word of the header should be: the header ended before them.
    if (text.charCodeAt(0) === OPEN && text.startsWith(CREDENTIALS)) {
      message.breach('the header ends early');
      this.at = -1;
      return NIL;
    }
    this.at = this.words.end;
    this.separator(message);
    if (text.length <= HEADER_WORD_MAX) return text === '' ? NIL : text;
    message.breach('a word of the header is too long');
    return text.slice(0, HEADER_WORD_MAX).toWellFormed();
  }

  /** Skips the one space between words; false, and `at` is -1, when the message ends here. */
  private separator(message: Message): boolean {
    const { buffer, to } = message;
    if (this.at + 1 < to && buffer[this.at] === SPACE && buffer[this.at + 1] !== SPACE) {
      this.at++;
      return true;
    }
    const start = this.at;
    while (this.at < to && buffer[this.at]! <= SPACE) this.at++;
    if (this.at === to) {
      message.breach('the header ends early');
      this.at = -1;
      return false;
    }
    if (this.at !== start + 1 || buffer[start] !== SPACE) message.breach('the words of the header are not separated by one space');
    return true;
  }
}
