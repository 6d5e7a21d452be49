import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { countRefused } from '../counters.ts';
import type { Intake } from '../source.ts';
import { plainAddress, type AllowList } from './allow-list.ts';
import type { SyslogDecoder } from './decoder.ts';
import { wholeCharacters } from './framing.ts';
import { KernelDrops } from './kernel-drops.ts';
import { countRefusedFrom } from './refused-from.ts';
import { nowMicros } from './tcp-listener.ts';

/** Asked of the kernel, which gives what `net.core.rmem_max` allows; where it refuses instead, smaller ones are tried. */
const RECEIVE_BUFFER = 16 << 20;
const RECEIVE_BUFFER_LEAST = 256 << 10;

export interface UdpOptions {
  readonly messageBytesMax: number;
  readonly allow: AllowList | undefined;
}

/** The UDP side of a syslog listener: a datagram is a message (RFC 5426 section 3.1). What cannot be taken is lost, and counted. */
export class UdpListener {
  private readonly socket: Socket;
  private readonly intake: Intake;
  private readonly decoder: SyslogDecoder;
  private readonly options: UdpOptions;
  private drops: KernelDrops | undefined;
  private open = false;

  /** `host` is an address, which decides the family. */
  constructor(intake: Intake, decoder: SyslogDecoder, options: UdpOptions, host: string, reusePort: boolean) {
    this.intake = intake;
    this.decoder = decoder;
    this.options = options;
    this.socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', reusePort });
  }

  /** Resolves with the port; rejects with the system's error, and then the listener is closed. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => {
        this.socket.close();
        reject(error);
      };
      this.socket.once('error', failed);
      this.socket.bind({ address: host, port, exclusive: true }, () => {
        this.socket.off('error', failed);
        this.socket.on('error', () => undefined);
        this.socket.on('message', (datagram, sender) => this.receive(datagram, sender));
        this.open = true;
        this.enlarge();
        const bound = this.socket.address().port;
        this.drops = new KernelDrops(this.socket, bound, this.intake.counters);
        resolve(bound);
      });
    });
  }

  async stop(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    // What has arrived is read within a turn or two of the event loop.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    await this.drops?.stop();
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }

  private enlarge(): void {
    for (let size = RECEIVE_BUFFER; size >= RECEIVE_BUFFER_LEAST; size /= 2) {
      try {
        this.socket.setRecvBufferSize(size);
        return;
      } catch {
        // Smaller, then; the system's default is the last resort.
      }
    }
  }

  private receive(datagram: Buffer, sender: RemoteInfo): void {
    const { counters } = this.intake;
    const { allow, messageBytesMax } = this.options;
    if (allow !== undefined && !allow.allows(sender.address)) {
      countRefused(counters, 'not_allowed');
      countRefusedFrom(counters, plainAddress(sender.address));
      return;
    }
    if (this.intake.congested) {
      counters.congestionDrops++;
      return;
    }
    this.decoder.begin(datagram, plainAddress(sender.address), nowMicros());
    const length = datagram.length;
    if (length <= messageBytesMax) this.decoder.frame(datagram, 0, length, false, 0, '');
    else this.decoder.frame(datagram, 0, wholeCharacters(datagram, 0, messageBytesMax), false, length, '');
  }
}
