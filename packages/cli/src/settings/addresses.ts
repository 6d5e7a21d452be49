import { isIPv6 } from 'node:net';
import type { RunFile } from '../api/run-file.ts';
import type { Session } from '../session.ts';

/** Where a tenant's senders go. */
export interface Addresses {
  readonly http: string;
  /** Undefined where the service does not listen. */
  readonly tcp?: HostPort;
  readonly udp?: HostPort;
}

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Splits `host:port`, also with an IPv6 address in brackets. */
export function hostPort(address: string): HostPort | undefined {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  return host === undefined || port === undefined ? undefined : { host, port: Number(port) };
}

const anyAddress = new Set(['0.0.0.0', '::', '']);

/** Who listens on every address is reached where we reached its API. */
function reachable(address: string | undefined, apiHost: string): HostPort | undefined {
  const parts = address === undefined ? undefined : hostPort(address);
  return parts !== undefined && anyAddress.has(parts.host) ? { ...parts, host: apiHost } : parts;
}

interface Listener {
  readonly type?: unknown;
  readonly tenant?: unknown;
  readonly tcp?: unknown;
  readonly udp?: unknown;
}

/** The first syslog listener that is bound to no tenant. */
function openListener(listeners: readonly Listener[]): { tcp?: string; udp?: string } {
  const open = listeners.find(({ type, tenant }) => type === 'syslog' && (tenant === undefined || tenant === null));
  return { ...(typeof open?.tcp === 'string' ? { tcp: open.tcp } : {}), ...(typeof open?.udp === 'string' ? { udp: open.udp } : {}) };
}

async function syslogAddresses(session: Session, run: RunFile | undefined): Promise<{ tcp?: string; udp?: string }> {
  if (run !== undefined) return run.syslog;
  try {
    const { sources } = await session.client.json<{ sources?: readonly Listener[] }>('/v1/pipeline');
    return openListener(sources ?? []);
  } catch {
    // A tenant's key may not see them; HTTP is known anyway.
    return {};
  }
}

/** The real addresses: of run.json on the same computer, else as the service tells its operator. */
export async function connectionAddresses(session: Session): Promise<Addresses> {
  const { url, run } = session.connection;
  const apiHost = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const { tcp, udp } = await syslogAddresses(session, run);
  const places = { tcp: reachable(tcp, apiHost), udp: reachable(udp, apiHost) };
  return { http: url, ...(places.tcp === undefined ? {} : { tcp: places.tcp }), ...(places.udp === undefined ? {} : { udp: places.udp }) };
}

/** A host as it stands before `:port`. */
export function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
