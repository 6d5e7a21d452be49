import { dial } from '../dial.ts';
import type { TlsMaterial } from '../tls-settings.ts';

/** Resolves when the server of an address takes connections, over TLS with a certificate that is trusted. Sends nothing: a webhook has no request without an effect. */
export async function probe(url: URL, tls: TlsMaterial, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const socket = await dial({ host, port, ...(secure ? { tls } : {}) }, timeoutMs, signal);
  socket.on('error', () => undefined);
  socket.destroy();
}
