import http from 'node:http';
import https from 'node:https';
import { ApiFailure, problemOf } from '../errors/problem.ts';
import { Failure, reasonOf } from '../errors/failure.ts';
import type { Connection } from './connection.ts';
import { alive } from './run-file.ts';

export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** For the query string; what is undefined is left out. */
  readonly parameters?: Parameters;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as they are. */
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without the API key. */
  readonly anonymous?: boolean;
  readonly signal?: AbortSignal;
  /** The query that a position in an error belongs to. */
  readonly query?: string;
}

export type Reply = http.IncomingMessage;

const CONNECT_TIMEOUT_MS = 10_000;

/** The service could not be reached, or went away before it answered. */
export class Unreachable extends Failure {}

/** Fails a request whose connection is not made in time; a search may take as long as it likes once it is. */
function limitConnecting(request: http.ClientRequest): void {
  const timer = setTimeout(() => request.destroy(new Error(`no connection within ${CONNECT_TIMEOUT_MS / 1000} s`)), CONNECT_TIMEOUT_MS);
  const stop = (): void => clearTimeout(timer);
  request.once('socket', (socket) => (socket.connecting ? socket.once('connect', stop) : stop()));
  request.once('close', stop);
}

/** All of a body as text. Fails when the connection breaks before its end. */
export async function textOf(reply: Reply): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Percent-encodes parts of a path. */
export function pathOf(...parts: readonly (string | number)[]): string {
  return `/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
}

function methodOf({ method, json, bytes }: Call): string {
  return method ?? (json === undefined && bytes === undefined ? 'GET' : 'POST');
}

function queryString(parameters: Parameters = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) search.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  return search.size === 0 ? '' : `?${search}`;
}

/** Calls the HTTP API of one service. Not fetch: it would cut off answers that begin after minutes, and refuses some ports. */
export class ApiClient {
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** The answer with its body still to come. Throws ApiFailure for a status of 400 and above, Unreachable when there is no answer. */
  async open(path: string, call: Call = {}): Promise<Reply> {
    const reply = await this.send(path, call);
    const status = reply.statusCode ?? 0;
    if (status >= 200 && status < 300) return reply;
    const text = await textOf(reply).catch(() => '');
    const retryAfter = Number(reply.headers['retry-after'] ?? Number.NaN);
    throw new ApiFailure(
      problemOf(status, text),
      { method: methodOf(call), url: this.connection.url + path, ...(call.query === undefined ? {} : { query: call.query }) },
      Number.isFinite(retryAfter) && retryAfter >= 0 ? retryAfter : undefined,
    );
  }

  /** The answer's body as it came. */
  async text(path: string, call: Call = {}): Promise<string> {
    const reply = await this.open(path, call);
    try {
      return await textOf(reply);
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  /** The answer's body parsed. The caller says what it is. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  async json<T>(path: string, call: Call = {}): Promise<T> {
    const text = await this.text(path, call);
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new Failure(`${this.connection.url}${path} did not answer JSON`, {
        cause: error,
        notes: ['Is the address that of a Meniscus service? A proxy in between may have answered.'],
      });
    }
  }

  private send(path: string, call: Call): Promise<Reply> {
    const url = new URL(this.connection.url + path + queryString(call.parameters));
    const body = call.json === undefined ? call.bytes : Buffer.from(JSON.stringify(call.json));
    const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'meniscus-cli', ...call.headers };
    const { key } = this.connection;
    if (key !== undefined && call.anonymous !== true) headers['authorization'] = `Bearer ${key}`;
    if (call.json !== undefined) headers['content-type'] = 'application/json';
    if (body !== undefined) headers['content-length'] = String(body.length);
    const { request: make } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const request = make(
        url,
        { method: methodOf(call), headers, ...(call.signal === undefined ? {} : { signal: call.signal }) },
        resolve,
      );
      request.once('error', (error) => reject(this.unreachable(error)));
      limitConnecting(request);
      request.end(body);
    });
  }

  /** What to say when a connection fails or breaks. */
  unreachable(error: unknown): Failure {
    const { url, urlFrom, run } = this.connection;
    const { code } = error as NodeJS.ErrnoException;
    const notes = [reasonOf(error).replace(/^AggregateError$/, String(code))];
    if (run !== undefined && !alive(run.pid))
      notes.push(`The process ${run.pid} that ${urlFrom} tells of is gone: start the service again with \`meniscus start\`.`);
    else if (code === 'ECONNREFUSED') notes.push('Nothing listens there: start the service, or give another address.');
    else if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') notes.push('The name of the host is not known: look at the address.');
    return new Unreachable(`cannot reach the service at ${url} (from ${urlFrom})`, { cause: error, notes });
  }
}
