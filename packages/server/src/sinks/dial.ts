import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TlsMaterial } from './tls-settings.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  /** Given: TLS is spoken. */
  readonly tls?: TlsMaterial;
}

/** A connection to a server, over TLS when its certificate is trusted. Rejects when there is none within `timeoutMs`. The caller listens for its errors before anything else is awaited. */
export async function dial({ host, port, tls }: Place, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  const socket =
    tls === undefined ? connect({ host, port }) : connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...tls });
  const silent = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, tls === undefined ? 'connect' : 'secureConnect', { signal: AbortSignal.any([signal, silent]) });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw silent.aborted ? new Error(`no connection within ${timeoutMs} ms`, { cause: error }) : error;
  }
}
