import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import type { SyslogSourceConfig } from '../../config/config.ts';
import { MeniscusError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Intake, ListenerInfo, Source } from '../source.ts';
import { AllowList } from './allow-list.ts';
import { SyslogDecoder } from './decoder.ts';
import { TcpListener } from './tcp-listener.ts';
import { UdpListener } from './udp-listener.ts';
import { Zone } from './zone.ts';

/** A port that is free for TCP need not be for UDP: how often another one is tried. */
const PORT_TRIES = 20;
const DEFAULT_LISTEN = '127.0.0.1';

export interface SyslogSourceOptions {
  /** Longest message in bytes; a longer one is cut. */
  readonly messageBytesMax?: number;
  /** Several threads listen on the port, each with a source of its own. */
  readonly reusePort?: boolean;
  readonly connectionsMax?: number;
}

/** Syslog over TCP (RFC 6587) and UDP (RFC 5426) on one port; RFC 5424, RFC 3164 and what devices send. */
export class SyslogSource implements Source {
  readonly type = 'syslog';
  private readonly config: SyslogSourceConfig;
  private readonly intake: Intake;
  private readonly options: Required<SyslogSourceOptions>;
  private readonly decoder: SyslogDecoder;
  private readonly allow: AllowList | undefined;
  private tcp: TcpListener | undefined;
  private udp: UdpListener | undefined;

  /** Throws MeniscusError(bad_configuration). */
  constructor(config: SyslogSourceConfig, intake: Intake, options: SyslogSourceOptions = {}) {
    this.config = config;
    this.intake = intake;
    this.options = {
      messageBytesMax: options.messageBytesMax ?? limits.syslogMessageBytes,
      reusePort: options.reusePort ?? false,
      connectionsMax: options.connectionsMax ?? limits.syslogConnections,
    };
    if (config.tenant !== undefined && config.allow === undefined) {
      throw new MeniscusError(
        'bad_configuration',
        'a syslog source with a tenant needs allow: the addresses that may speak for the tenant',
      );
    }
    this.allow = config.allow === undefined ? undefined : new AllowList(config.allow);
    this.decoder = new SyslogDecoder(intake, zoneOf(config), config.tenant);
  }

  async start(): Promise<ListenerInfo> {
    const { config } = this;
    const host = await resolveHost(config.listen ?? DEFAULT_LISTEN);
    const port = await this.listen(host, config.port);
    const address = clientAddress(host, port);
    return {
      type: this.type,
      ...(config.name === undefined ? {} : { name: config.name }),
      ...(config.tenant === undefined ? {} : { tenant: config.tenant }),
      tcp: address,
      udp: address,
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.tcp?.stop(), this.udp?.stop()]);
  }

  /** Opens both on one number: TCP first, then UDP; with port 0 again and again until a number is free for both. */
  private async listen(host: string, port: number): Promise<number> {
    const { reusePort } = this.options;
    for (let tries = 1; ; tries++) {
      const tcp = new TcpListener(this.intake, this.decoder, { ...this.options, allow: this.allow });
      const bound = await tcp.listen(host, port, reusePort).catch((error: unknown) => failed('tcp', host, port, error));
      this.tcp = tcp;
      const udp = new UdpListener(this.intake, this.decoder, { ...this.options, allow: this.allow }, host, reusePort);
      try {
        await udp.listen(host, bound);
        this.udp = udp;
        return bound;
      } catch (error) {
        await tcp.stop();
        this.tcp = undefined;
        if (port !== 0 || tries === PORT_TRIES) failed('udp', host, bound, error);
      }
    }
  }
}

function failed(protocol: string, host: string, port: number, cause: unknown): never {
  const code = (cause as NodeJS.ErrnoException).code;
  const why =
    code === 'EADDRINUSE'
      ? 'another program uses the port'
      : code === 'EACCES'
        ? 'the system does not allow this port'
        : (cause as Error).message;
  throw new MeniscusError('listen_failed', `syslog on ${protocol} ${joinAddress(host, port)}: ${why}`, { cause });
}

function zoneOf(config: SyslogSourceConfig): Zone {
  try {
    return new Zone(config.time_zone);
  } catch (cause) {
    throw new MeniscusError('bad_configuration', `time_zone: there is no zone "${config.time_zone}"`, { cause });
  }
}

async function resolveHost(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  const found = await lookup(host).catch((cause: unknown) => {
    throw new MeniscusError('listen_failed', `syslog on ${host}: the name has no address`, { cause });
  });
  return found.address;
}

const joinAddress = (host: string, port: number): string => (isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`);

/** The address that a client on this computer can use. */
function clientAddress(host: string, port: number): string {
  return joinAddress(host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port);
}
