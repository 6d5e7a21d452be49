import { address as host, choice, ValueFault, type Kind } from '../../config/kinds.ts';
import { checkNoTls, checkTls, tlsSettings, type TlsSettings } from '../tls-settings.ts';
import type { SinkKind } from '../writer.ts';

/** Where a receiver listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface SyslogSettings extends TlsSettings {
  /** `HOST:PORT`, IPv6 in brackets. */
  readonly address: string;
  readonly transport: 'tcp' | 'tls';
}

/** The parts of an `address`. Throws ValueFault. */
export function endpointOf(text: string): Endpoint {
  const match = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port < 1 || port > 65_535) throw new ValueFault('must be an address with a port like 127.0.0.1:6514 or [::1]:6514');
  return { host: host.parse(match[1], ''), port };
}

const endpoint: Kind<string> = {
  form: 'ADDRESS:PORT',
  parse: (value) => {
    const text = typeof value === 'string' ? value.trim() : '';
    endpointOf(text);
    return text;
  },
};

function check(settings: SyslogSettings): void {
  checkTls(settings);
  if (settings.transport === 'tcp') checkNoTls(settings, 'transport: tls');
}

/** Events forwarded to another receiver of syslog. */
export const syslogKind: SinkKind<SyslogSettings> = {
  type: 'syslog',
  text: 'Messages of RFC 5424 over TCP or TLS, to another receiver of syslog.',
  settings: {
    address: { kind: endpoint, text: 'Where the receiver listens.' },
    transport: {
      kind: choice('tcp', 'tls'),
      default: 'tcp',
      text: '`tcp` (RFC 6587, octet counting) or `tls` (RFC 5425). Neither confirms anything: what is under way when the connection breaks may be lost.',
    },
    ...tlsSettings,
  },
  batch: { maxEvents: 1000, maxBytes: 1 << 20, maxAgeMs: 200 },
  check,
  load: () => import('./writer.ts'),
};
