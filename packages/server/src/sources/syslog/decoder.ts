import { isUtf8 } from 'node:buffer';
import { ABSENT, ROW_TIME_RECEIVED } from '../../event/batch.ts';
import { limits } from '../../limits.ts';
import type { TenantView } from '../../control/tenant.ts';
import { countRefused } from '../counters.ts';
import type { Intake } from '../source.ts';
import { Credentials, CredentialsFinder, isCredentialsHead, maskSecrets, stripCredentials } from './credentials.ts';
import { DeviceTimeReader } from './device-time.ts';
import type { FrameSink } from './framing.ts';
import { maskedText, maskHeader, maskValues } from './mask.ts';
import { Message, PRI_MAX } from './message.ts';
import { countRefusedFrom } from './refused-from.ts';
import { Rfc3164Reader } from './rfc3164.ts';
import { Rfc5424Reader } from './rfc5424.ts';
import { elementEnd, StructuredDataReader, type ElementFilter } from './structured-data.ts';
import { TimestampReader } from './timestamp.ts';
import { Words } from './words.ts';
import type { Zone } from './zone.ts';

const SPACE = 32;
const NEWLINE = 10;
const RETURN = 13;
const LESS = 0x3c;
const GREATER = 0x3e;
const MINUS = 0x2d;
const OPEN = 0x5b;
/** `1 2026-` or `1 - `: RFC 5424 whose PRI is missing, and other versions of it. */
const VERSIONED = /^(\d{1,3}) (?:\d{4}-\d\d-|- )/;

/** Turns messages into rows of the intake's batch: reads, authenticates, and refuses what nobody answers for. One per listener. */
export class SyslogDecoder implements FrameSink, ElementFilter {
  private readonly intake: Intake;
  private readonly boundTo: string | undefined;
  private bound: TenantView | undefined;
  private boundVersion = -1;
  private received = 0;
  private peer = '';
  /** The tenant and the presence of a credentials element in the structured data of the message under way. */
  private tenant: TenantView | undefined;
  private sawElement = false;
  /** The message's credentials were taken out of its text already. */
  private stripped = false;
  /** There may be credentials where they do not belong, header included. */
  private suspect = false;
  private readonly message = new Message();
  private readonly credentials: Credentials;
  private readonly finder = new CredentialsFinder();
  private readonly structuredData = new StructuredDataReader(this);
  private readonly rfc5424: Rfc5424Reader;
  private readonly rfc3164: Rfc3164Reader;

  /** `boundTo`: id of the tenant that the listener is bound to. `zone`: of times that say none. */
  constructor(intake: Intake, zone: Zone, boundTo?: string) {
    this.intake = intake;
    this.boundTo = boundTo;
    this.credentials = new Credentials(intake);
    const timestamps = new TimestampReader();
    this.rfc5424 = new Rfc5424Reader(new Words(), timestamps, zone);
    this.rfc3164 = new Rfc3164Reader(new DeviceTimeReader(zone, timestamps));
  }

  /** Called before the frames of a chunk: whose it is, and when it came, in microseconds. */
  begin(buffer: Buffer, peer: string, received: number): void {
    this.finder.reset(buffer);
    this.peer = peer;
    this.received = received;
    this.credentials.refresh();
    if (this.boundTo === undefined || this.boundVersion === this.intake.directoryVersion) return;
    this.boundVersion = this.intake.directoryVersion;
    this.bound = this.intake.tenant(this.boundTo);
  }

  frame(buffer: Buffer, from: number, to: number, valid: boolean, originalLength: number, problem: string): void {
    let start = from;
    let end = to;
    while (end > start && this.isEnding(buffer[end - 1]!)) end--;
    while (start < end && this.isEnding(buffer[start]!)) start++;
    if (end - start >= 3 && buffer[start] === 0xef && buffer[start + 1] === 0xbb && buffer[start + 2] === 0xbf) start += 3;
    let first = start;
    while (first < end && buffer[first] === SPACE) first++;
    if (first === end) {
      this.intake.counters.emptyFrames++;
      return;
    }
    // The finder knows one buffer; the reader's own, which holds a message of several chunks, changes its bytes.
    if (!valid) this.finder.reset(buffer);
    this.tenant = this.bound;
    this.sawElement = false;
    this.stripped = false;
    this.suspect = false;
    if (!valid && !isUtf8(buffer.subarray(start, end))) this.repaired(buffer, start, end);
    else this.message.reset(buffer, buffer[first] === LESS ? first : start, end);
    if (problem !== '') this.message.problem(problem);
    this.read();
    this.finish(to - from, originalLength, buffer, start, end);
  }

  /** Called by the reader of structured data. */
  isCredentials(buffer: Buffer, from: number, to: number): boolean {
    if (!isCredentialsHead(buffer, from, to)) return false;
    this.sawElement = true;
    if (this.boundTo === undefined) this.tenant ??= this.credentials.tenantOf(buffer, from, to);
    return true;
  }

  private isEnding(byte: number): boolean {
    return byte === NEWLINE || byte === RETURN || byte === 0;
  }

  private repaired(buffer: Buffer, from: number, to: number): void {
    const text = Buffer.from(buffer.utf8Slice(from, to), 'utf8');
    this.message.reset(text, 0, text.length);
    this.message.problem('the message is not valid UTF-8');
  }

  private read(): void {
    const message = this.message;
    const at = this.pri(message);
    if (at > message.from && at + 1 < message.to && message.buffer[at] === 0x31 && message.buffer[at + 1] === SPACE)
      this.readRfc5424(message, at + 2);
    else this.readOther(message, at);
  }

  /** Reads `<PRI>`; gives where the rest starts. */
  private pri(message: Message): number {
    const { buffer, from, to } = message;
    if (buffer[from] !== LESS) return from;
    let pri = 0;
    let i = from + 1;
    for (; i < to && i - from <= 9; i++) {
      const digit = buffer[i]! - 48;
      if (digit >>> 0 > 9) break;
      pri = pri * 10 + digit;
    }
    if (i === from + 1 || i >= to || buffer[i] !== GREATER) {
      message.breach('the PRI is not a number in angle brackets');
      return from;
    }
    if (pri <= PRI_MAX && i - from <= 4) message.pri = pri;
    else message.breach(`the PRI is not 0 to ${PRI_MAX}`);
    return i + 1;
  }

  private readRfc5424(message: Message, at: number): void {
    message.version = 1;
    const data = this.rfc5424.read(message, at, this.received);
    if (data < 0) return;
    const end = this.data(message, data);
    if (end === message.to) return;
    const { buffer } = message;
    if (buffer[end] !== SPACE) {
      if (!message.whole) message.breach('the structured data are not followed by a space');
      message.msgFrom = end;
      return;
    }
    const bom = buffer[end + 1] === 0xef && buffer[end + 2] === 0xbb && buffer[end + 3] === 0xbf && end + 4 <= message.to;
    message.msgFrom = bom ? end + 4 : end + 1;
  }

  /** Reads the structured data at `at`; gives where they end. */
  private data(message: Message, at: number): number {
    const { buffer, to } = message;
    if (buffer[at] === MINUS) return at + 1;
    if (buffer[at] !== OPEN) {
      message.breach('the structured data are missing');
      return at;
    }
    // What nearly all messages have: one element, the credentials.
    if (this.boundTo === undefined) {
      const tenant = this.credentials.recent(buffer, at, to);
      const after = this.credentials.end;
      if (tenant !== undefined && (after === to || buffer[after] === SPACE)) {
        this.sawElement = true;
        this.tenant = tenant;
        return after;
      }
    }
    const end = isCredentialsHead(buffer, at, to) ? elementEnd(buffer, at, to) : -1;
    if (end > 0 && (end === to || buffer[end] === SPACE)) {
      this.isCredentials(buffer, at, end);
      return end;
    }
    return this.structuredData.read(message, at);
  }

  /** What is not `<PRI>1 `: the credentials, wherever they are, are taken out first. */
  private readOther(message: Message, at: number): void {
    const version = VERSIONED.exec(message.buffer.latin1Slice(at, Math.min(message.to, at + 12)));
    if (version !== null) {
      message.breach(at === message.from ? 'there is no PRI' : `the version is ${version[1]}, not 1`);
      this.readRfc5424(message, at + version[1]!.length + 1);
      message.version = version[1] === '1' ? 1 : 0;
      return;
    }
    let start = at;
    if (this.finder.find(message.buffer, message.from, message.to) >= 0) {
      start -= message.from;
      this.strip(message, message.from, message.to, true);
      message.from = 0;
      message.to = message.buffer.length;
    }
    this.rfc3164.read(message, start, this.received);
  }

  /** Replaces the message's bytes by [from, to) without credentials. */
  private strip(message: Message, from: number, to: number, cutFirst: boolean): void {
    this.stripped = true;
    const stripped = stripCredentials(this.credentials, this.finder, message.buffer, from, to, cutFirst);
    this.sawElement ||= stripped.found;
    if (this.boundTo === undefined) this.tenant ??= stripped.tenant;
    const more = stripped.copies || message.whole;
    message.buffer = this.tenant === undefined ? stripped.buffer : maskedText(stripped.buffer, this.tenant);
    this.suspect ||= more;
  }

  private finish(bytes: number, originalLength: number, buffer: Buffer, from: number, to: number): void {
    const message = this.message;
    this.settleText(message);
    const tenant = this.tenant;
    if (tenant === undefined) {
      this.refuse(buffer, from, to);
      return;
    }
    this.commit(message, tenant, originalLength === 0 ? bytes : originalLength, originalLength);
  }

  /** Decides what msg is, and takes credentials out of it. */
  private settleText(message: Message): void {
    const from = message.whole ? message.from : message.msgFrom;
    const to = message.whole ? message.to : message.msgTo;
    message.msgFrom = from;
    message.msgTo = to;
    if (from < 0 || this.stripped) return;
    if (this.finder.find(message.buffer, from, to) < 0) return;
    this.strip(message, from, to, message.whole || !this.sawElement);
    message.msgFrom = 0;
    message.msgTo = message.buffer.length;
  }

  private commit(message: Message, tenant: TenantView, bytes: number, originalLength: number): void {
    const { intake } = this;
    if (this.suspect) maskHeader(message, tenant);
    const row = intake.batch;
    row.begin(this.received);
    if (message.time === message.time) row.time = message.time;
    else row.flags = ROW_TIME_RECEIVED;
    row.origin = intake.originOf(tenant, message.pname);
    row.host = row.stringIndex(message.host);
    row.pname = row.stringIndex(message.pname);
    row.msgid = row.stringIndex(message.msgid);
    row.pid = message.pidText === '' ? message.pid : row.pidValue(message.pidText);
    row.severity = message.pri < 0 ? ABSENT : message.pri & 7;
    row.facility = message.pri < 0 ? ABSENT : message.pri >> 3;
    row.ver = message.version;
    if (message.msgFrom >= 0) row.msgBytes(message.buffer, message.msgFrom, message.msgTo);
    if (message.native !== undefined || message.error !== '' || originalLength > 0)
      row.native(this.native(message, tenant, originalLength));
    row.commit();
    intake.committed(tenant, bytes);
  }

  private native(message: Message, tenant: TenantView, originalLength: number): Record<string, unknown> {
    const native = (message.native ??= Object.create(null) as Record<string, unknown>);
    for (const id in native) maskValues(native[id] as Record<string, unknown>, tenant);
    if (originalLength > 0) {
      native['truncated'] = true;
      native['original_length'] = originalLength;
      this.intake.counters.truncated++;
    }
    if (message.error !== '') {
      native['parse_error'] = message.error;
      this.intake.counters.parseErrors++;
    }
    return native;
  }

  private refuse(buffer: Buffer, from: number, to: number): void {
    const { intake, peer } = this;
    countRefused(intake.counters, 'unauthenticated');
    countRefusedFrom(intake.counters, peer);
    const raw = buffer.latin1Slice(from, Math.min(to, from + limits.deadLetterBytes));
    intake.refuse(null, {
      reason: 'unauthenticated',
      text: this.refusal(),
      source: `syslog ${peer}`,
      raw: Buffer.from(maskSecrets(raw), 'latin1'),
    });
  }

  private refusal(): string {
    if (this.boundTo !== undefined) return `the tenant of the listener, ${this.boundTo}, does not exist`;
    return this.sawElement ? 'the tenant does not exist or the token is not its own' : 'the message carries no credentials';
  }
}
