import { PID_NIL } from '../../event/batch.ts';
import { NIL } from '../../event/event.ts';
import type { DeviceTimeReader } from './device-time.ts';
import type { Message } from './message.ts';

/** Headers are looked for in so many bytes. */
const HEAD_MAX = 600;
/** What Cisco puts before its time: a count, the origin, a sequence number, and a mark for a clock that is not set. */
const CISCO = /(?:: ?)?(?:\d{1,10}: ){0,2}(?:([A-Za-z][\w.-]{0,254}): )?(?:\d{1,10}: ){0,2}[*.]?/y;
const HOST = /([^\s[\]{}"'=<>()%;|/,][^\s[\]{}"'=<>()%;|]{0,254}) /y;
const FORWARDED = /Message forwarded from ([^\s:]{1,255}): ?/y;
const REPEATED = /last message repeated \d+ times?/y;
/** A name, perhaps a pid in brackets, perhaps a colon. */
const TAG = /([^\s:[\]"'={}<>;|]{1,128}\]?)(?:\[([^\]\s]{1,128})\])?(:)?/y;
/** A level before the tag, as F5 writes it: `notice mcpd[123]:`. */
const LEVEL = /(?:emerg|alert|crit|err|error|warning|warn|notice|info|debug) (?=[^\s:[]{1,128}\[\d{1,9}\]:)/y;
/** Names that may be a tag without the colon that would prove it. */
const PLAIN_TAG = /^[A-Za-z](?:[\w./,-]{0,46}\w)?$/;
/** Formats whose name is part of what others read. */
const FORMATS = /^(?:CEF|LEEF)$/;
/** What starts a name before a colon with no space after it; times, numbers and URLs do not. */
const TAG_START = /^[A-Za-z%/_(]/;
const DECIMAL = /^(?:0|[1-9]\d{0,8})$/;

/** A piece of the head, which is read as Latin-1, as the UTF-8 that it is. */
const decoded = (text: string): string => (/[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').utf8Slice() : text);

/**
 * Reads what is not RFC 5424: RFC 3164 and what devices send under that name. Everything is optional (section 4.3.3: what has no proper header is
 * content), so nothing here is an error.
 */
export class Rfc3164Reader {
  private readonly times: DeviceTimeReader;

  constructor(times: DeviceTimeReader) {
    this.times = times;
  }

  /** Reads what follows the PRI. */
  read(message: Message, at: number, received: number): void {
    const { buffer, to } = message;
    let from = at;
    while (from < to && buffer[from] === 32) from++;
    const head = buffer.latin1Slice(from, Math.min(to, from + HEAD_MAX));
    const afterTime = this.time(message, head, received);
    // Leading spaces of a text without a header are part of it.
    const start = afterTime < 0 ? this.unstamped(message, head) : this.stamped(message, head, afterTime);
    message.msgFrom = start === 0 ? at : from + start;
    message.msgTo = to;
  }

  /** Reads the time and what devices write around it; gives where it ends, -1 when there is none. */
  private time(message: Message, head: string, received: number): number {
    CISCO.lastIndex = 0;
    const host = CISCO.exec(head)?.[1];
    const prefix = CISCO.lastIndex;
    const time = this.times.read(head, prefix, received);
    if (time === undefined || !/[\s:]/.test(head.charAt(this.times.end) || ' ')) return -1;
    message.time = time;
    if (host !== undefined) message.host = host;
    return this.times.end;
  }

  private stamped(message: Message, head: string, end: number): number {
    let at = end;
    const cisco = head.charAt(at) === ':';
    if (cisco) at++;
    while (head.charAt(at) === ' ') at++;
    if (!cisco && message.host === NIL) at = this.host(message, head, at);
    return this.tag(message, head, at, true);
  }

  private host(message: Message, head: string, at: number): number {
    FORWARDED.lastIndex = at;
    const origin = FORWARDED.exec(head)?.[1];
    if (origin !== undefined) {
      message.host = decoded(origin);
      return FORWARDED.lastIndex;
    }
    REPEATED.lastIndex = at;
    HOST.lastIndex = at;
    const word = REPEATED.test(head) ? undefined : HOST.exec(head)?.[1];
    if (word === undefined) return at;
    let next = HOST.lastIndex;
    const isTag = word.endsWith(':') && head.charAt(next) !== '%';
    if (isTag) return at;
    message.host = decoded(word.endsWith(':') ? word.slice(0, -1) : word);
    while (head.charAt(next) === ' ') next++;
    return head.startsWith(': ', next) ? next + 2 : next;
  }

  /** Without a time there may still be a tag, if it shows itself as one, and a host before a tag with a pid. */
  private unstamped(message: Message, head: string): number {
    HOST.lastIndex = 0;
    const host = HOST.exec(head)?.[1];
    if (host !== undefined && !host.endsWith(':') && /^[^\s:[\]]{1,128}\[\d{1,9}\]: /.test(head.slice(HOST.lastIndex))) {
      message.host = decoded(host);
      return this.tag(message, head, HOST.lastIndex, false);
    }
    return this.tag(message, head, 0, false);
  }

  /** Reads the tag at `at`; gives where the text starts. */
  private tag(message: Message, head: string, at: number, stamped: boolean): number {
    REPEATED.lastIndex = at;
    if (REPEATED.test(head)) return at;
    LEVEL.lastIndex = at;
    TAG.lastIndex = LEVEL.test(head) ? LEVEL.lastIndex : at;
    const found = TAG.exec(head);
    if (found === null) return at;
    const [, name, pid, colon] = found as unknown as [string, string, string | undefined, string | undefined];
    const end = TAG.lastIndex;
    const next = head.charAt(end);
    const apart = next === '' || next === ' ' || next === '\t';
    if (!this.isTag(name, pid, colon, next, apart, stamped)) return at;
    message.pname = decoded(name.endsWith(']') ? name.slice(0, -1) : name);
    if (pid !== undefined) this.pid(message, decoded(pid));
    // A name without pid and colon may as well be the first word of the text: it stays there.
    if ((colon === undefined && pid === undefined && next !== '\t') || FORMATS.test(name)) return at;
    return apart && next !== '' ? end + 1 : end;
  }

  private isTag(name: string, pid: string | undefined, colon: string | undefined, next: string, apart: boolean, stamped: boolean): boolean {
    if (pid !== undefined) return colon !== undefined || apart;
    if (colon !== undefined) return TAG_START.test(name) && (apart || (next !== '/' && next !== '\\' && next !== ':'));
    return stamped && apart && next !== '' && PLAIN_TAG.test(name);
  }

  private pid(message: Message, text: string): void {
    if (DECIMAL.test(text)) message.pid = Number(text);
    else if (text === NIL) message.pid = PID_NIL;
    else message.pidText = text;
  }
}
