import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TlsMaterial } from '../tls-settings.ts';

/** Resolves when the server of an address takes connections, over TLS with a certificate that is trusted. Sends nothing: a webhook has no request without an effect. */
export async function probe(url: URL, tls: TlsMaterial, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const socket = secure ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...tls }) : connect({ host, port });
  const silent = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, secure ? 'secureConnect' : 'connect', { signal: AbortSignal.any([signal, silent]) });
  } catch (error) {
    throw silent.aborted ? new Error(`no connection within ${timeoutMs} ms`, { cause: error }) : error;
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}
