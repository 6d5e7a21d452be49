import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Given {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** Answers by `METHOD /path`; `take` handles what needs more. */
export type Answers = Readonly<Record<string, Given | ((request: Received, response: http.ServerResponse) => Given | undefined)>>;

interface Cleanup {
  after(clean: () => void | Promise<void>): void;
}

export interface FakeService {
  readonly url: string;
  readonly requests: readonly Received[];
  close(): Promise<void>;
}

function answer(response: http.ServerResponse, { status = 200, headers = {}, body = '' }: Given): void {
  const json = typeof body !== 'string';
  response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/plain', ...headers });
  response.end(json ? JSON.stringify(body) : body);
}

/** A small HTTP server that answers as it is told and remembers what it was asked. */
export async function fakeService(t: Cleanup, answers: Answers, port = 0): Promise<FakeService> {
  const requests: Received[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const { method = '' } = request;
      const body = Buffer.concat(chunks).toString('utf8');
      const received = { method, path: url.pathname, query: url.searchParams, headers: request.headers, body };
      requests.push(received);
      const given = answers[`${method} ${url.pathname}`] ?? { status: 404, body: { title: 'Not found', status: 404, code: 'not_found' } };
      const made = typeof given === 'function' ? given(received, response) : given;
      if (made !== undefined) answer(response, made);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  t.after(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}
