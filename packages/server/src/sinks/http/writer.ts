import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Agent, request, type Dispatcher } from 'undici';
import { version } from '../../version.ts';
import { errorText, shown } from '../error-text.ts';
import { readTls } from '../tls-settings.ts';
import { BatchRefused, WRITTEN, type SinkBatch, type SinkContext, type SinkWriter, type WriteResult } from '../writer.ts';
import { readCredentials, type Credentials } from './credentials.ts';
import type { HttpSettings } from './kind.ts';
import { probe } from './probe.ts';
import { retryAfterMs } from './retry-after.ts';

const compress = promisify(gzip);
/** The server says that the body is wrong, and not who sent it or when. */
const REFUSED = new Set([400, 413, 422]);
/** How much of an answer is read: what a good one says is of no use, a bad one's beginning is shown. */
const ANSWER_BYTES = 4096;

export function createWriter(settings: HttpSettings, context: SinkContext): SinkWriter {
  return new HttpWriter(settings, context);
}

/** Posts each batch as one request, to the address that answered last; when it fails, to the next, around once. */
class HttpWriter implements SinkWriter {
  private readonly settings: HttpSettings;
  private readonly context: SinkContext;
  private agent: Agent | undefined;
  private credentials: Credentials = { headers: {}, secrets: [] };
  /** Which address is used. */
  private current = 0;
  /** The server asked for quiet until then, milliseconds since the epoch. */
  private quietUntil = 0;

  constructor(settings: HttpSettings, context: SinkContext) {
    this.settings = settings;
    this.context = context;
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.quiet(signal);
    await this.close();
    const timeout = this.context.timeoutMs;
    this.credentials = await readCredentials(this.settings);
    const tls = await readTls(this.settings);
    await this.each(async (url) => probe(new URL(url), tls, timeout, signal));
    this.agent = new Agent({ connect: { ...tls, timeout }, connections: 1, pipelining: 1, headersTimeout: timeout, bodyTimeout: timeout });
  }

  async write(batch: SinkBatch, signal: AbortSignal): Promise<WriteResult> {
    await this.quiet(signal);
    const body = await this.body(batch);
    await this.each(async (url) => this.post(url, body, signal));
    return WRITTEN;
  }

  async close(): Promise<void> {
    const { agent } = this;
    this.agent = undefined;
    await agent?.destroy().catch(() => undefined);
  }

  private async body(batch: SinkBatch): Promise<Buffer> {
    const lines: string[] = [];
    for (let row = 0; row < batch.rows; row++) lines.push(batch.document(row), '\n');
    const bytes = Buffer.from(lines.join(''));
    return this.settings.compression === 'gzip' ? compress(bytes, { level: 1 }) : bytes;
  }

  /** Calls `use` with addresses until one succeeds, which is used from then on. Rejects with what the last one did, at once when it refused the batch. */
  private async each(use: (url: string) => Promise<void>): Promise<void> {
    const { url } = this.settings;
    for (let tried = 1; ; tried++) {
      const address = url[this.current]!;
      try {
        return await use(address);
      } catch (error) {
        if (error instanceof BatchRefused) throw error;
        this.current = (this.current + 1) % url.length;
        if (tried >= url.length) throw this.failure(address, error);
      }
    }
  }

  private failure(url: string, error: unknown): Error {
    return new Error(`${named(url)}: ${errorText(error, this.credentials.secrets)}`, { cause: error });
  }

  private async post(url: string, body: Buffer, signal: AbortSignal): Promise<void> {
    const silent = AbortSignal.timeout(this.context.timeoutMs);
    const answer = await request(url, {
      method: 'POST',
      body,
      headers: this.headers(),
      signal: AbortSignal.any([signal, silent]),
      ...(this.agent === undefined ? {} : { dispatcher: this.agent }),
    }).catch((error: unknown) => {
      throw silent.aborted ? new Error(`no answer within ${this.context.timeoutMs} ms`, { cause: error }) : error;
    });
    if (answer.statusCode >= 200 && answer.statusCode < 300) await answer.body.dump({ limit: ANSWER_BYTES }).catch(() => undefined);
    else throw await this.refusal(url, answer);
  }

  private headers(): Record<string, string> {
    return {
      'user-agent': `meniscus/${version}`,
      ...this.credentials.headers,
      'content-type': 'application/x-ndjson',
      ...(this.settings.compression === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
    };
  }

  private async refusal(url: string, { statusCode, headers, body }: Dispatcher.ResponseData): Promise<Error> {
    const said = shown(await beginning(body), this.credentials.secrets);
    const where = statusCode >= 300 && statusCode < 400 ? ' (redirects are not followed)' : '';
    const text = `answered ${statusCode}${where}${said === '' ? '' : `: ${said}`}`;
    if (REFUSED.has(statusCode)) return new BatchRefused(`${named(url)} ${text}`);
    this.quietUntil = Date.now() + retryAfterMs(headers['retry-after'], Date.now());
    return new Error(text);
  }

  /** Waits as long as the server asked to be left alone. */
  private async quiet(signal: AbortSignal): Promise<void> {
    const left = this.quietUntil - Date.now();
    if (left > 0 && this.settings.url.length === 1) await delay(left, undefined, { signal });
  }
}

/** An address without its query, which may hold what should not be shown. */
function named(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

async function beginning(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= ANSWER_BYTES) break;
    }
  } catch {
    // The status says enough.
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES).toString();
}
