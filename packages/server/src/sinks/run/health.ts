import type { SinkHealth } from './messages.ts';

const TEXT_MAX = 1_000;

/** Of a sink that has done nothing yet. */
export function newHealth(): SinkHealth {
  return { retries: 0, lastError: null, sinceOk: new Date().toISOString(), events: 0, bytes: 0, refused: 0, expired: 0, failures: 0 };
}

/** What an operator is shown of an error, and when it was. */
function errorNow(text: string): SinkHealth['lastError'] {
  return { time: new Date().toISOString(), text: text.slice(0, TEXT_MAX) };
}

/** Counts how a sink fares and tells it, at most every `periodMs`, and at once when it begins or ceases to fail. */
export class HealthLog {
  private readonly tell: (health: SinkHealth) => void;
  private readonly periodMs: number;
  private health = newHealth();
  private toldAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(tell: (health: SinkHealth) => void, periodMs = 500) {
    this.tell = tell;
    this.periodMs = periodMs;
  }

  wrote(events: number, bytes: number): void {
    const { health } = this;
    const recovered = health.sinceOk === null;
    const sinceOk = health.sinceOk ?? new Date().toISOString();
    this.update({ ...health, events: health.events + events, bytes: health.bytes + bytes, retries: 0, sinceOk }, recovered);
  }

  failed(text: string): void {
    const { health } = this;
    const first = health.sinceOk !== null;
    this.update({ ...health, lastError: errorNow(text), sinceOk: null, retries: health.retries + 1, failures: health.failures + 1 }, first);
  }

  refused(count: number, text: string): void {
    const { health } = this;
    this.update({ ...health, refused: health.refused + count, lastError: errorNow(text) }, false);
  }

  expired(count: number): void {
    this.update({ ...this.health, expired: this.health.expired + count }, false);
  }

  close(): void {
    clearTimeout(this.timer);
    this.tell(this.health);
  }

  private update(health: SinkHealth, now: boolean): void {
    this.health = health;
    const wait = this.toldAt + this.periodMs - Date.now();
    if (now || wait <= 0) this.tellNow();
    else this.timer ??= setTimeout(() => this.tellNow(), wait);
  }

  private tellNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.toldAt = Date.now();
    this.tell(this.health);
  }
}
