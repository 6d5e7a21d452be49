/** Tiny servers that do what a real name node or DataNode cannot be made to do. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createNetServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A request as it arrived. */
export interface Seen {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Answers one request. It is called when the body is there. */
export type Reply = (response: ServerResponse, seen: Seen, request: IncomingMessage) => void;

export interface Scripted {
  url: string;
  host: string;
  seen: Seen[];
}

async function listen(t: TestContext, server: Server | NetServer): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers the first request with the first reply, and so on; the last reply answers all that follow. */
export async function scripted(
  t: TestContext,
  replies: readonly Reply[],
  make: (listener: RequestListener) => Server = createServer,
): Promise<Scripted> {
  const seen: Seen[] = [];
  const server = make((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const now: Seen = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers, body: '' };
    const reply = replies[Math.min(seen.length, replies.length - 1)]!;
    seen.push(now);
    request.setEncoding('utf8').on('data', (chunk: string) => (now.body += chunk));
    request.on('error', () => undefined).on('end', () => reply(response, now, request));
  });
  const host = await listen(t, server);
  const secure = make !== createServer;
  return { url: `http${secure ? 's' : ''}://${host}`, host, seen };
}

/** A name node whose DataNode answers so. */
export async function behind(t: TestContext, replies: readonly Reply[]): Promise<Scripted> {
  const data = await scripted(t, replies);
  return scripted(t, [redirect(`${data.url}/webhdfs/v1/a`)]);
}

/** A server below HTTP: what it does with a connection. */
export async function raw(t: TestContext, serve: (socket: Socket) => void): Promise<Scripted> {
  const host = await listen(t, createNetServer(serve));
  return { url: `http://${host}`, host, seen: [] };
}

/** A URL that nobody listens at. */
export async function nobody(): Promise<string> {
  const server = createNetServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

export function json(body: unknown, status = 200): Reply {
  return (response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function remote(exception: string, message = 'no', status = 403): Reply {
  return json({ RemoteException: { exception, javaClassName: `org.example.${exception}`, message } }, status);
}

export const standby = remote('StandbyException', 'Operation category READ is not supported in state standby');
export const yes = json({ boolean: true });

export function redirect(location: string): Reply {
  return (response) => void response.writeHead(307, { location }).end();
}

export function text(status: number, body = ''): Reply {
  return (response) => void response.writeHead(status).end(body);
}

/** Breaks the connection without an answer. */
export const reset: Reply = (response) => void response.socket?.resetAndDestroy();

/** Takes the request and says nothing. */
export const silence: Reply = () => undefined;
