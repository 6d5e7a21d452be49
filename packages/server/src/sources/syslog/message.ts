import { PID_NIL } from '../../event/batch.ts';
import { NIL } from '../../event/event.ts';

/** The largest PRI of RFC 5424 section 6.2.1 and RFC 3164 section 4.1.1. */
export const PRI_MAX = 191;
/** Longer header words are cut in their field (the message is then kept whole in msg): no field of RFC 5424 may be longer. */
export const HEADER_WORD_MAX = 255;

/** What the parsers found in one message. One object, reused: nothing is made for a message. */
export class Message {
  buffer: Buffer;
  from = 0;
  to = 0;
  /** -1: none. */
  pri = -1;
  /** 1: RFC 5424. */
  version = 0;
  /** Microseconds since the epoch, NaN when there is none that can be used. */
  time = NaN;
  host = NIL;
  pname = NIL;
  msgid = NIL;
  /** A small number or PID_NIL; with `pidText` if it is something else. */
  pid = PID_NIL;
  pidText = '';
  /** The text in `buffer`; -1: there is none. */
  msgFrom = -1;
  msgTo = 0;
  /** Structured data without credentials. */
  native: Record<string, unknown> | undefined;
  /** What is not to the standard, '' if all is. */
  error = '';
  /** The header could not be read as the standard says: msg is to be the whole message. */
  whole = false;

  constructor() {
    this.buffer = Buffer.alloc(0);
  }

  reset(buffer: Buffer, from: number, to: number): void {
    this.buffer = buffer;
    this.from = from;
    this.to = to;
    this.pri = -1;
    this.version = 0;
    this.time = NaN;
    this.host = NIL;
    this.pname = NIL;
    this.msgid = NIL;
    this.pid = PID_NIL;
    this.pidText = '';
    this.msgFrom = -1;
    this.msgTo = to;
    this.native = undefined;
    this.error = '';
    this.whole = false;
  }

  /** Notes what is wrong; the text is still where it should be. */
  problem(text: string): void {
    this.error = this.error === '' ? text : `${this.error}; ${text}`;
  }

  /** Notes what is wrong with the form: msg will be the whole message. */
  breach(text: string): void {
    this.problem(text);
    this.whole = true;
  }
}
