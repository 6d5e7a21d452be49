import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { countRefused } from '../counters.ts';
import type { Intake } from '../source.ts';
import { plainAddress, type AllowList } from './allow-list.ts';
import type { SyslogDecoder } from './decoder.ts';
import { FrameReader } from './framing.ts';
import { countRefusedFrom } from './refused-from.ts';

/** How long `stop` waits for what senders have sent already, and how long a silence ends the wait. */
const DRAIN_MS = 1_000;
const SILENCE_MS = 50;

export interface TcpOptions {
  readonly messageBytesMax: number;
  readonly connectionsMax: number;
  /** undefined: everybody may send. */
  readonly allow: AllowList | undefined;
}

/** Now in microseconds. */
export const nowMicros = (): number => Math.floor((performance.timeOrigin + performance.now()) * 1000);

/** The TCP side of a syslog listener: many connections, each with the state of its framing and nothing else. */
export class TcpListener {
  private readonly server: Server;
  private readonly intake: Intake;
  private readonly decoder: SyslogDecoder;
  private readonly options: TcpOptions;
  private readonly sockets = new Set<Socket>();
  /** Those that stopped reading until the intake wants more. */
  private readonly paused = new Set<Socket>();
  private lastData = 0;
  private stopping = false;

  constructor(intake: Intake, decoder: SyslogDecoder, options: TcpOptions) {
    this.intake = intake;
    this.decoder = decoder;
    this.options = options;
    this.server = createServer((socket) => this.accept(socket));
    this.server.maxConnections = options.connectionsMax;
    this.server.on('drop', (data) => this.refuse('too_many_connections', data?.remoteAddress));
  }

  /** Resolves with the port; rejects with the system's error. */
  listen(host: string, port: number, reusePort: boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port, reusePort, backlog: 1024 }, () => {
        this.server.off('error', reject);
        // A failed accept (no descriptors left) must not end the process: the connection waits in the kernel.
        this.server.on('error', () => undefined);
        const address = this.server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Accepts no more, reads what was sent already, and closes. */
  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    await this.drain();
    const ends = Array.from(this.sockets, (socket) => once(socket.destroy(), 'close'));
    await Promise.all([closed, ...ends]);
  }

  private async drain(): Promise<void> {
    const end = performance.now() + DRAIN_MS;
    this.lastData = performance.now();
    while (this.sockets.size > this.paused.size) {
      const now = performance.now();
      if (now >= end || now - this.lastData >= SILENCE_MS) return;
      await delay(10);
    }
  }

  private accept(socket: Socket): void {
    const { allow, messageBytesMax } = this.options;
    const remote = socket.remoteAddress ?? '';
    socket.on('error', () => undefined);
    if (allow !== undefined && !allow.allows(remote)) {
      this.refuse('not_allowed', remote);
      socket.destroy();
      return;
    }
    const peer = plainAddress(remote);
    const frames = new FrameReader(this.decoder, messageBytesMax);
    this.sockets.add(socket);
    this.intake.counters.connections++;
    socket.on('data', (chunk) => this.receive(socket, frames, peer, chunk));
    socket.once('close', () => this.closed(socket, frames, peer));
    if (this.intake.congested) this.pause(socket);
  }

  private receive(socket: Socket, frames: FrameReader, peer: string, chunk: Buffer): void {
    this.lastData = performance.now();
    this.decoder.begin(chunk, peer, nowMicros());
    frames.push(chunk);
    if (this.intake.congested) this.pause(socket);
  }

  private closed(socket: Socket, frames: FrameReader, peer: string): void {
    this.sockets.delete(socket);
    this.paused.delete(socket);
    this.intake.counters.connections--;
    this.decoder.begin(Buffer.alloc(0), peer, nowMicros());
    frames.end();
  }

  private pause(socket: Socket): void {
    socket.pause();
    if (this.paused.size === 0) this.intake.onRelief(() => this.resume());
    this.paused.add(socket);
  }

  private resume(): void {
    const waiting = [...this.paused];
    this.paused.clear();
    for (const socket of waiting) socket.resume();
  }

  private refuse(reason: string, remote: string | undefined): void {
    countRefused(this.intake.counters, reason);
    countRefusedFrom(this.intake.counters, plainAddress(remote ?? 'unknown'));
  }
}
