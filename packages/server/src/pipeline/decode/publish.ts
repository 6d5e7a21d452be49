import { isAscii, isUtf8 } from 'node:buffer';
import type { TenantView } from '../../control/tenant.ts';
import { MeniscusError, titleOf, type ErrorCode } from '../../errors.ts';
import { formatEventId } from '../../event/event-id.ts';
import { TooDeep } from '../../event/shape-trie.ts';
import { limits } from '../../limits.ts';
import { countRefused } from '../../sources/counters.ts';
import type { Intake } from '../../sources/source.ts';
import type { Durable } from '../intake/appender.ts';
import type { Letter } from '../intake/refusals.ts';
import { JsonEventDecoder } from './json/event.ts';
import { parseExactly } from './json/parse.ts';
import { elementsOf, endsAsArray } from './json/split.ts';
import { checkLogMessage, isEnvelope, unwrap, versionOf } from './log-message.ts';
import { bodyForm } from './media-type.ts';

type JsonObject = Record<string, unknown>;

/** What came of a body's events, before they are on disk. */
export interface Decoded {
  accepted: number;
  rejected: number;
  readonly errors: { readonly index: number; readonly code: ErrorCode; readonly title: string }[];
  readonly letters: Letter[];
  /** One entry a batch that rows went to. */
  readonly durables: Set<Durable>;
  logMessage: boolean;
  /** A lone log_message whose producer is durable: where its event is, for its id. */
  job: { readonly durable: Durable; readonly row: number; readonly receivedMs: number; readonly sinks: readonly string[] } | undefined;
}

/** Yields to other work of the thread after so many bytes of a body. */
const SLICE_BYTES = 1 << 20;
/** A body up to this size is parsed in one go; in a larger array, element by element, there may be events that are too large. */
const WHOLE_BYTES = limits.eventBytes;
const BAD_UTF8 = 'invalid UTF-8';

/** Decodes publish bodies into the thread's batch. Bodies are decoded one after the other or interleaved; each row is begun and committed in one piece. */
export class PublishDecoder {
  private readonly intake: Intake;
  private readonly durable: () => Durable;
  private readonly decoder: JsonEventDecoder;

  constructor(intake: Intake, durable: () => Durable) {
    this.intake = intake;
    this.durable = durable;
    this.decoder = new JsonEventDecoder(intake.batch);
  }

  /**
   * Decodes a body (decompressed). Throws MeniscusError: unsupported_media_type; malformed_json when it is no JSON at all; the caller keeps the body as a dead
   * letter then. Refused events are in the result.
   */
  async decode(tenant: TenantView, body: Buffer, contentType: string, remote: string): Promise<Decoded> {
    const form = bodyForm(contentType);
    if (form === undefined)
      throw new MeniscusError(
        'unsupported_media_type',
        `Content-Type ${contentType.slice(0, 80)}: use application/json, application/x-ndjson or text/plain`,
      );
    const run = new BodyRun(this.intake, this.durable, this.decoder, tenant, remote, body);
    await run.decode(form);
    return run.result;
  }
}

/** One body. */
class BodyRun {
  readonly result: Decoded = { accepted: 0, rejected: 0, errors: [], letters: [], durables: new Set(), logMessage: false, job: undefined };
  private readonly intake: Intake;
  private readonly durable: () => Durable;
  private readonly decoder: JsonEventDecoder;
  private readonly tenant: TenantView;
  private readonly source: string;
  private readonly body: Buffer;
  private readonly wellFormed: boolean;
  private received: number;
  private index = 0;
  private nextPause = SLICE_BYTES;

  constructor(intake: Intake, durable: () => Durable, decoder: JsonEventDecoder, tenant: TenantView, remote: string, body: Buffer) {
    this.intake = intake;
    this.durable = durable;
    this.decoder = decoder;
    this.tenant = tenant;
    this.source = `http ${remote}`;
    this.body = body.length > 2 && body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
    this.wellFormed = isUtf8(this.body);
    this.received = Date.now() * 1000;
  }

  async decode(form: 'json' | 'lines' | 'text' | 'guess'): Promise<void> {
    if (form === 'guess') {
      const first = firstCharacter(this.body);
      form = first === '{' || first === '[' ? 'json' : 'text';
    }
    if (form === 'json') await this.json();
    else await this.lines(form === 'text' ? this.textLine : this.jsonLine);
  }

  /** One value, an array of events, or several lines of them. */
  private async json(): Promise<void> {
    const first = firstCharacter(this.body);
    if (first === '') throw new MeniscusError('malformed_json', 'the body is empty');
    if (first === '[' && this.body.length > WHOLE_BYTES) return this.elements();
    const value = this.body.length <= WHOLE_BYTES ? this.tryWhole() : undefined;
    if (value !== undefined) {
      if (Array.isArray(value.json)) await this.array(value.json, value.text);
      else this.single(value.json);
      return;
    }
    if (this.firstLineParses()) await this.lines(this.jsonLine);
    else if (this.body.length > WHOLE_BYTES) this.reject('event_too_large', this.body);
    else if (first === '[') await this.elements();
    else throw new MeniscusError('malformed_json', this.reason);
  }

  private reason = '';

  private tryWhole(): { readonly json: unknown; readonly text: string } | undefined {
    const text = this.body.utf8Slice();
    try {
      return { json: JSON.parse(text) as unknown, text };
    } catch (error) {
      this.reason = error instanceof Error ? withoutQuotes(error.message) : '';
      return undefined;
    }
  }

  private firstLineParses(): boolean {
    let at = 0;
    for (;;) {
      const end = this.body.indexOf(10, at);
      if (end < 0) return this.body.length > WHOLE_BYTES && at > 0;
      const line = this.body.utf8Slice(at, end).trim();
      at = end + 1;
      if (line === '') continue;
      try {
        return typeof JSON.parse(line) === 'object';
      } catch {
        return false;
      }
    }
  }

  private single(value: unknown): void {
    this.result.logMessage = isEnvelope(value);
    if (this.result.logMessage) checkLogMessage(unwrap(value));
    this.element(value, this.body, this.body.length);
    const error = this.result.logMessage ? this.result.errors[0] : undefined;
    if (error !== undefined) throw new MeniscusError(error.code);
  }

  private async array(values: readonly unknown[], text: string): Promise<void> {
    let raws: (readonly [number, number])[] | undefined;
    const average = this.body.length / Math.max(values.length, 1);
    for (const [i, value] of values.entries()) {
      const raw = (): Buffer => {
        raws ??= [...elementsOf(text)];
        return Buffer.from(text.slice(...(raws[i] ?? [0, 0])).trim());
      };
      // Whole numbers whose sum is the body's length.
      this.element(value, raw, Math.floor((i + 1) * average) - Math.floor(i * average));
      await this.pause((i + 1) * average);
    }
  }

  /** An array element by element: what is no JSON is refused alone. */
  private async elements(): Promise<void> {
    const text = this.body.utf8Slice();
    if (!endsAsArray(text)) throw new MeniscusError('malformed_json', 'the array is not closed');
    for (const [from, to] of elementsOf(text)) {
      const element = text.slice(from, to);
      this.jsonText(element, () => Buffer.from(element.trim()), element.length);
      await this.pause(to);
    }
  }

  private async lines(take: (text: string, from: number, to: number) => void): Promise<void> {
    const body = this.body;
    for (let at = 0; at < body.length;) {
      const sliceEnd = this.sliceEnd(at);
      // One string a slice: cutting lines from it is cheaper than decoding each.
      const slice = body.latin1Slice(at, sliceEnd);
      const ascii = isAscii(body.subarray(at, sliceEnd));
      for (let from = 0; from < slice.length;) {
        let to = slice.indexOf('\n', from);
        if (to < 0) to = slice.length;
        let end = to;
        while (end > from && slice.charCodeAt(end - 1) === 13) end--;
        if (end > from) take(ascii ? slice.slice(from, end) : body.utf8Slice(at + from, at + end), at + from, at + end);
        from = to + 1;
      }
      at = sliceEnd;
      await this.pause(at);
    }
  }

  /** The end of the lines that begin within a slice. */
  private sliceEnd(from: number): number {
    const end = this.body.indexOf(10, Math.min(from + (SLICE_BYTES >> 2), this.body.length));
    return end < 0 ? this.body.length : end + 1;
  }

  private readonly textLine = (text: string, from: number, to: number): void => {
    if (text.trim() === '') return;
    const raw = this.body.subarray(from, to);
    if (to - from > limits.eventBytes) this.reject('event_too_large', raw);
    else this.accept({ msg: text }, raw.length, this.wellFormed || isUtf8(raw) ? undefined : BAD_UTF8);
  };

  private readonly jsonLine = (text: string, from: number, to: number): void => {
    if (text.trim() !== '') this.jsonText(text, this.body.subarray(from, to), to - from);
  };

  private jsonText(text: string, raw: Buffer | (() => Buffer), size: number): void {
    let value: unknown;
    const code = size > limits.eventBytes ? 'event_too_large' : undefined;
    try {
      if (code === undefined) value = JSON.parse(text) as unknown;
    } catch (error) {
      this.reject(error instanceof RangeError ? 'event_too_deep' : 'event_malformed', bytesOf(raw));
      return;
    }
    if (code === undefined) this.element(value, raw, size);
    else this.reject(code, bytesOf(raw));
  }

  /** `size`: bytes of the element, near enough for counting. */
  private element(value: unknown, raw: Buffer | (() => Buffer), size: number): void {
    const parseError = this.wellFormed || isUtf8(Buffer.isBuffer(raw) ? raw : this.body) ? undefined : BAD_UTF8;
    if (typeof value === 'string') this.accept({ msg: value }, size, parseError);
    else if (typeof value !== 'object' || value === null || Array.isArray(value)) this.reject('event_not_object', bytesOf(raw));
    else if (!this.accept(value as JsonObject, size, parseError, raw)) this.reject('event_too_deep', bytesOf(raw));
  }

  /** False when the event is nested too deeply. `raw`: its text, to parse it again exactly when it has large numbers. */
  private accept(value: JsonObject, bytes: number, parseError: string | undefined, raw?: Buffer | (() => Buffer)): boolean {
    const { batch } = this.intake;
    const message = unwrap(value);
    const ver = message === undefined ? 0 : versionOf(message);
    batch.begin(this.received);
    let pname: string;
    try {
      pname = this.decoder.decode(batch, ver > 0 ? without(message!, 'ver') : (message ?? value), parseError);
    } catch (error) {
      batch.abandon();
      if (error instanceof TooDeep) return false;
      throw error;
    }
    if (batch.largeNumber && raw !== undefined) {
      batch.abandon();
      return this.accept(parseExactly(bytesOf(raw).utf8Slice()) as JsonObject, bytes, parseError);
    }
    batch.ver = ver;
    this.commit(pname, bytes, parseError);
    return true;
  }

  private commit(pname: string, bytes: number, parseError: string | undefined): void {
    const { batch } = this.intake;
    batch.origin = this.intake.originOf(this.tenant, pname);
    const durable = this.durable();
    this.noteJob(pname, durable);
    batch.commit();
    this.result.durables.add(durable);
    this.result.accepted++;
    this.index++;
    if (parseError !== undefined) this.intake.counters.parseErrors++;
    this.intake.committed(this.tenant, bytes);
  }

  private noteJob(pname: string, durable: Durable): void {
    const producer = this.result.logMessage ? this.tenant.producers.find(({ name }) => name === pname) : undefined;
    if (producer?.durable !== true) return;
    this.result.job = { durable, row: this.intake.batch.rows, receivedMs: this.received / 1000, sinks: producer.sinks };
  }

  private reject(code: ErrorCode, raw: Buffer): void {
    const index = this.index++;
    this.result.rejected++;
    countRefused(this.intake.counters, code);
    if (this.result.errors.length < limits.publishErrorsListed) this.result.errors.push({ index, code, title: titleOf(code) });
    this.result.letters.push({
      tenant: this.tenant.number,
      reason: code,
      text: `${titleOf(code)} (event ${index} of a publish)`,
      source: this.source,
      raw: Uint8Array.prototype.slice.call(raw, 0, limits.deadLetterBytes),
    });
  }

  private async pause(done: number): Promise<void> {
    if (done < this.nextPause) return;
    this.nextPause = done + SLICE_BYTES;
    await new Promise<void>((resolve) => setImmediate(resolve));
    await untilRelief(this.intake);
    // Others came meanwhile: in a queue, the times of receipt follow the positions.
    this.received = Date.now() * 1000;
  }
}

/** Waits while the queue wants no more. Throws `queue_full` when that lasts, and at once when there is no room. */
export async function untilRelief(intake: Intake): Promise<void> {
  if (!intake.congested) return;
  if (intake.full === true)
    throw new MeniscusError('queue_full', 'there is no room on the disk or in the queue: send again later', { retryAfter: 10 });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const full = new MeniscusError('queue_full', 'events come faster than they can be stored: send again later', { retryAfter: 5 });
  const timer = setTimeout(reject, limits.publishWaitMs, full);
  intake.onRelief(resolve);
  await promise.finally(() => clearTimeout(timer));
}

/** The id of the event that a job stands for, once its batch has a position. */
export function jobId(job: NonNullable<Decoded['job']>, node: number, shard: number, position: number): string {
  return formatEventId(job.receivedMs, node, shard, position + job.row);
}

function bytesOf(raw: Buffer | (() => Buffer)): Buffer {
  return Buffer.isBuffer(raw) ? raw : raw();
}

function firstCharacter(body: Buffer): string {
  return body.latin1Slice(0, Math.min(1024, body.length)).trimStart().charAt(0);
}

/** V8's messages quote the text, which may hold a secret. */
function withoutQuotes(message: string): string {
  return message.replace(/, (?:\.\.\.)?".*$/s, '').replace(/'(?:\\.|[^'])*'/g, 'a character');
}

function without(event: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = event;
  return rest;
}
