import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { dial } from '../dial.ts';
import { readTls } from '../tls-settings.ts';
import { endpointOf, type SyslogSettings } from './kind.ts';

const KEEP_ALIVE_MS = 30_000;
/** A receiver that lives and takes nothing is waited for so long on the same connection; then another one is tried. */
const STALL_MAX_MS = 5 * 60_000;
/** How long the end of a connection may take. */
const CLOSE_MS = 2000;

/** One connection to a receiver. */
export class Connection {
  /** Ids of events that were handed over on it, of a batch that is not finished. */
  readonly handed = new Set<string>();
  private readonly socket: Socket;
  private fault: Error | undefined;
  /** Settles when what was written last is with the system. */
  private flushed: Promise<void> = Promise.resolve();
  private stalledSince = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    // A receiver says nothing, but its end is heard only while it is listened to.
    socket.resume();
    socket.on('error', (error) => (this.fault ??= error));
    for (const event of ['end', 'close']) socket.on(event, () => (this.fault ??= new Error('the receiver closed the connection')));
  }

  /** Rejects when there is no connection within `timeoutMs`. */
  static async open(settings: SyslogSettings, timeoutMs: number, signal: AbortSignal): Promise<Connection> {
    const tls = settings.transport === 'tls' ? { tls: await readTls(settings) } : {};
    return new Connection(await dial({ ...endpointOf(settings.address), ...tls }, timeoutMs, signal));
  }

  /** Whether it can be written to, as far as this side can know: what the system has heard from the receiver is heard first. */
  async usable(): Promise<boolean> {
    for (let i = 0; i < 2; i++) await turn();
    return this.fault === undefined;
  }

  /** Resolves when all that was written is with the system. Rejects when the receiver takes nothing for `timeoutMs`, or when the connection broke. */
  async settled(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const silent = new AbortController();
    const end = AbortSignal.any([signal, silent.signal]);
    const timer = setTimeout(() => silent.abort(), timeoutMs);
    const ended = once(end, 'abort').then(() => true);
    const late = await Promise.race([this.flushed.then(() => false), ended]).finally(() => clearTimeout(timer));
    signal.throwIfAborted();
    if (late) this.stalled(timeoutMs);
    this.stalledSince = 0;
  }

  /** Writes messages of events with these ids, when all before them are with the system; `settled` says when they are. */
  send(bytes: Buffer, ids: readonly string[]): void {
    this.flushed = new Promise<void>((resolve, reject) => {
      this.socket.write(bytes, (error) => {
        if (error) return reject(this.fault ?? error);
        for (const id of ids) this.handed.add(id);
        resolve();
      });
    });
    // Whoever waits for it hears of it; nobody may.
    this.flushed.catch(() => undefined);
  }

  /** Ends it; what is with the system still goes out. */
  async close(): Promise<void> {
    const { socket } = this;
    if (this.fault === undefined && this.stalledSince === 0) {
      socket.end();
      await once(socket, 'close', { signal: AbortSignal.timeout(CLOSE_MS) }).catch(() => undefined);
    }
    socket.destroy();
  }

  private stalled(timeoutMs: number): never {
    this.stalledSince ||= Date.now() - timeoutMs;
    const waited = Date.now() - this.stalledSince;
    if (waited > STALL_MAX_MS) this.socket.destroy();
    throw new Error(`the receiver takes nothing for ${Math.round(waited / 1000)} s`);
  }
}
