import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onEnd, type Cleanup } from '@meniscus/testkit';

/** An HTTP proxy of this process, with `tls` an HTTPS one; gives its URL. `handle` returns false to answer by itself. */
export async function proxy(
  t: Cleanup,
  url: string,
  handle: (request: IncomingMessage, body: Buffer, response: ServerResponse) => boolean,
  tls?: ServerOptions,
): Promise<string> {
  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      if (!handle(incoming, body, response)) return;
      const onward = request(
        url + incoming.url!,
        { method: incoming.method!, headers: { ...incoming.headers, host: new URL(url).host } },
        (answer) => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        },
      );
      onward.on('error', () => response.destroy());
      onward.end(body);
    });
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(t, async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http${tls === undefined ? '' : 's'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers 413 above so many bytes, as front ends do, and hides what limit the cluster has. */
export async function limitedProxy(t: Cleanup, url: string, bytes: number): Promise<string> {
  return proxy(t, url, (incoming, body, response) => {
    const refused = body.length > bytes ? 413 : incoming.url!.startsWith('/_nodes') ? 403 : 0;
    if (refused === 0) return true;
    response.writeHead(refused, { 'content-type': 'text/html' }).end('<html>no</html>');
    return false;
  });
}
