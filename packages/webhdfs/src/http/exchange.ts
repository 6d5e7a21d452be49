/**
 * One request and the head of its answer, by `node:http`: a DataNode answers CREATE and APPEND with a `100 Continue` that nobody asked for, on which
 * `fetch` fails.
 */
import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setImmediate } from 'node:timers/promises';
import type { Socket } from 'node:net';
import type { Settings } from '../options.ts';
import type { Upload } from './upload.ts';
import { SilenceError, Waiting } from './waiting.ts';

/** How long to wait for `100 Continue` before sending the data anyway. HttpFS and proxies refuse instead of continuing, so that nothing is sent in vain. */
const CONTINUE_WAIT_MS = 1000;
/**
 * A DataNode continues before it knows that it will refuse (the file exists, no permission); then it refuses and closes. Whoever writes to a closed
 * connection loses what was said last. So after the first bytes, which fit into buffers, there is a pause: a refusal takes a few milliseconds.
 */
const EARLY_BYTES = 128 * 1024;
const REFUSAL_WAIT_MS = 25;

export interface Exchange {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: Upload | undefined;
  /** Use a connection that was kept. Never for what must not be sent twice: a kept connection may break just when it is used, and nobody knows what arrived. */
  reuse: boolean;
  signal: AbortSignal | undefined;
}

/** The request failed before an answer came. The message tells about the peer only. */
export class ExchangeError extends Error {
  override name = 'ExchangeError';
  /** Something of the request may have reached the server. */
  readonly sent: boolean;
  readonly silent: boolean;
  /** Of the peer, when its name was resolved. */
  readonly address: string | undefined;

  constructor(message: string, state: { sent: boolean; silent: boolean; address: string | undefined }, options?: ErrorOptions) {
    super(message, options);
    this.sent = state.sent;
    this.silent = state.silent;
    this.address = state.address;
  }
}

function headersOfBody(method: string, body: Upload | undefined): Record<string, string> {
  if (body === undefined) return method === 'GET' ? {} : { 'content-length': '0' };
  const type = { 'content-type': 'application/octet-stream' };
  if (body.length === undefined) return { ...type, expect: '100-continue', 'transfer-encoding': 'chunked' };
  return { ...type, ...(body.length > 0 && { expect: '100-continue' }), 'content-length': String(body.length) };
}

function begin(exchange: Exchange, settings: Settings): ClientRequest {
  const secure = exchange.url.protocol === 'https:';
  const { method, body, reuse } = exchange;
  const options: RequestOptions = { method, headers: { accept: '*/*', ...exchange.headers, ...headersOfBody(method, body) } };
  if (!secure) return httpRequest(exchange.url, { ...options, agent: reuse ? settings.agents.http : false });
  return httpsRequest(exchange.url, { ...options, ...settings.tls, agent: reuse ? settings.agents.https : false });
}

function connected(request: ClientRequest, secure: boolean): Promise<void> {
  return new Promise((resolve) => {
    request.once('socket', (socket: Socket) => {
      if (!socket.connecting && request.reusedSocket) resolve();
      else socket.once(secure ? 'secureConnect' : 'connect', resolve);
    });
  });
}

/** The head of the answer. When it comes, the rest of the body is not sent: the server has said what it has to say. */
function answerTo(request: ClientRequest, waiting: Waiting): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', (response) => {
      resolve(response);
      waiting.interrupt(ANSWERED);
    });
    request.on('error', (error) => {
      const broken = new Broken(error);
      reject(broken);
      waiting.interrupt(broken);
    });
  });
}

/** Not an error: ends the sending. */
const ANSWERED = Symbol('answered');

/** An error of the connection, which must not be taken for one of the caller's own stream. */
class Broken {
  readonly cause: Error;

  constructor(cause: Error) {
    this.cause = cause;
  }
}

function once(request: ClientRequest, event: 'continue' | 'drain'): Promise<void> {
  return new Promise((resolve) => request.once(event, () => resolve()));
}

/** Sends the body at the pace of both sides. Only waits for the server are limited: the caller's stream may take its time. */
async function send(request: ClientRequest, body: Upload, waiting: Waiting, timeoutMs: number): Promise<void> {
  if (body.length === 0) return void request.end();
  const mayBegin = once(request, 'continue');
  request.flushHeaders();
  await waiting.within(Math.min(CONTINUE_WAIT_MS, timeoutMs), mayBegin).catch(ignoreSilence);
  const source = body.open();
  let sent = 0;
  let paused = false;
  try {
    for (;;) {
      const next = await waiting.until(source.next());
      if (next.done === true) break;
      if (next.value.length === 0) continue;
      if (!paused && sent >= EARLY_BYTES) {
        paused = true;
        await waiting.within(REFUSAL_WAIT_MS, new Promise<never>(() => undefined)).catch(ignoreSilence);
      }
      sent += next.value.length;
      // The server may answer as soon as it has this: the request must be at its end by then.
      if (sent === body.length) return void request.end(next.value);
      if (!request.write(next.value)) await waiting.within(timeoutMs, once(request, 'drain'));
      // A refusal that is already here is read before more is written.
      await waiting.until(setImmediate());
    }
  } catch (error) {
    source.cancel();
    throw error;
  }
  request.end();
}

/** Sends the request. Throws the signal's reason, the error of the caller's stream, or ExchangeError. The caller owns the answer's body and must consume or destroy it. */
export async function exchange(init: Exchange, settings: Settings): Promise<IncomingMessage> {
  const { signal, body } = init;
  signal?.throwIfAborted();
  const request = begin(init, settings);
  const waiting = new Waiting();
  const answer = answerTo(request, waiting);
  answer.catch(() => undefined);
  let aborted = false;
  const abort = () => {
    aborted = true;
    waiting.interrupt(signal?.reason);
  };
  signal?.addEventListener('abort', abort, { once: true });
  let sent = false;
  try {
    const whenConnected = connected(request, init.url.protocol === 'https:');
    if (body === undefined) request.end();
    await waiting.within(settings.connectTimeoutMs, whenConnected).catch(ignoreAnswered);
    sent = true;
    if (body !== undefined) await send(request, body, waiting, settings.timeoutMs).catch(ignoreAnswered);
    const response = await waiting.within(settings.timeoutMs, answer).catch((error: unknown) => {
      ignoreAnswered(error);
      return answer;
    });
    // Nobody can have stored what was not sent.
    const early = !request.writableEnded && isSuccess(response);
    if (early) throw new Broken(new Error('the server answered before it had all of the data'));
    return response;
  } catch (error) {
    request.destroy();
    if (aborted) throw signal?.reason;
    throw asExchangeError(error, sent, request.socket?.remoteAddress, settings);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function isSuccess(response: IncomingMessage): boolean {
  const status = response.statusCode ?? 0;
  return status >= 200 && status < 300;
}

function ignoreSilence(error: unknown): void {
  if (!(error instanceof SilenceError)) throw error;
}

function ignoreAnswered(error: unknown): void {
  if (error !== ANSWERED) throw error;
}

function asExchangeError(error: unknown, sent: boolean, address: string | undefined, settings: Settings): unknown {
  if (error instanceof SilenceError) {
    const words = sent ? `no answer for ${settings.timeoutMs} ms` : `no connection within ${settings.connectTimeoutMs} ms`;
    return new ExchangeError(words, { sent, silent: true, address });
  }
  if (!(error instanceof Broken)) return error;
  const { cause } = error;
  const refused = (cause as Error & { address?: unknown }).address;
  const state = { sent, silent: false, address: typeof refused === 'string' ? refused : address };
  return new ExchangeError(cause.message, state, { cause });
}
