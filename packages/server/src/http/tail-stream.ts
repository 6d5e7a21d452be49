import type { ServerResponse } from 'node:http';
import { limits } from '../limits.ts';
import type { TailPiece, TailSubscriber } from '../search/tail.ts';
import type { MeasuredTail, TailMetrics } from './tail-metrics.ts';

/** How often a tail is told its rate and what it lost. */
const STATUS_MS = 2_000;
/** A comment line now and then shows proxies and clients that the connection lives. */
const HEARTBEAT_MS = 10_000;

/** One client of a live tail: writes frames, loses live events when the client is too slow, and says how many. */
export class TailStream implements TailSubscriber, MeasuredTail {
  private readonly response: ServerResponse;
  private readonly metrics: TailMetrics;
  private readonly onStart: (id: string) => void;
  private readonly tails: () => number;
  private readonly onEnd: (error: unknown) => void;
  /** Events that matched since the last status. */
  private matched = 0;
  private dropped = 0;
  private told = 0;
  private reason: string | undefined;
  private statusAt = performance.now();
  private heartbeatAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private drained: (() => void) | undefined;

  /** `tails`: how many there are now. `onStart`: to write the head of the answer. */
  constructor(response: ServerResponse, metrics: TailMetrics, tails: () => number, onStart: () => void, onEnd: (error: unknown) => void) {
    this.response = response;
    this.metrics = metrics;
    this.tails = tails;
    this.onStart = (id) => {
      onStart();
      this.begin(id);
    };
    this.onEnd = onEnd;
  }

  get waiting(): number {
    return this.response.writableLength;
  }

  started(id: string): void {
    this.onStart(id);
    this.metrics.opened(this);
  }

  async replay(piece: TailPiece): Promise<void> {
    this.matched += piece.events;
    this.metrics.sent(piece.events);
    if (this.response.write(piece.bytes)) return;
    await new Promise<void>((resolve) => (this.drained = resolve));
  }

  offer(piece: TailPiece): boolean {
    this.matched += piece.events;
    const { writableLength } = this.response;
    if (writableLength > 0 && writableLength + piece.bytes.byteLength > this.room) {
      this.drop(piece.events);
      return false;
    }
    if (this.told < this.dropped) this.status();
    this.response.write(piece.bytes);
    this.metrics.sent(piece.events);
    return true;
  }

  lost(events: number): void {
    this.matched += events;
    this.drop(events);
  }

  lacks(reason: string): void {
    this.reason = reason;
  }

  ended(error: unknown): void {
    this.onEnd(error);
  }

  /** The connection is closed, or about to be. */
  close(): void {
    clearInterval(this.timer);
    this.metrics.closed(this);
    this.drained?.();
  }

  private drop(events: number): void {
    this.dropped += events;
    this.metrics.lost(events);
  }

  /** Bytes that may wait for the client. */
  private get room(): number {
    return Math.min(limits.tailBufferBytes, limits.tailBuffersBytes / Math.max(1, this.tails()));
  }

  private begin(id: string): void {
    const { response } = this;
    // Browsers come back after a second; the id is for a client that has seen no event by then.
    response.write('retry: 1000\n: meniscus\n\n');
    this.status(id);
    response.on('drain', () => {
      this.drained?.();
      if (this.told < this.dropped) this.status();
    });
    this.timer = setInterval(() => this.look(performance.now()), STATUS_MS / 4);
    this.timer.unref();
  }

  private look(now: number): void {
    if (this.response.writableLength > this.room / 2) return;
    if (now - this.statusAt >= STATUS_MS || this.told < this.dropped) this.status();
    if (now - this.heartbeatAt < HEARTBEAT_MS) return;
    this.heartbeatAt = now;
    this.response.write(': \n\n');
  }

  /** `rate`: matching events a second since the last status. `dropped`: lost since the connection began. */
  private status(id?: string): void {
    const now = performance.now();
    const seconds = Math.max((now - this.statusAt) / 1000, 0.001);
    const rate = Math.round((this.matched / seconds) * 10) / 10;
    const status = { rate, dropped: this.dropped, ...(this.reason === undefined ? {} : { partial_reason: this.reason }) };
    this.response.write(`event: status\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(status)}\n\n`);
    this.told = this.dropped;
    this.matched = 0;
    this.statusAt = now;
  }
}
