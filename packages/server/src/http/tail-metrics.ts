import { Counter, Gauge, type Registry } from 'prom-client';

/** A tail's stream, as far as it is measured. */
export interface MeasuredTail {
  /** Bytes that wait for the client. */
  readonly waiting: number;
}

/** What all live tails do. Streams count what they write and lose, here and at once: one that ends is in the sums. */
export class TailMetrics {
  private readonly open = new Set<MeasuredTail>();
  private readonly sentEvents: Counter;
  private readonly lostEvents: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const { open } = this;
    this.sentEvents = new Counter({
      name: 'meniscus_tail_events_sent_total',
      help: 'Events written to live tails, each as often as it was written.',
      registers,
    });
    this.lostEvents = new Counter({
      name: 'meniscus_tail_events_lost_total',
      help: 'Events that live tails lost because their clients were too slow, or all tails together too many bytes.',
      registers,
    });
    void new Gauge({
      name: 'meniscus_tails',
      help: 'Live tails that are open.',
      registers,
      collect() {
        this.set(open.size);
      },
    });
    void new Gauge({
      name: 'meniscus_tail_buffer_bytes',
      help: 'Bytes that wait for the clients of live tails.',
      registers,
      collect() {
        this.set(Array.from(open, ({ waiting }) => waiting).reduce((sum, bytes) => sum + bytes, 0));
      },
    });
  }

  opened(tail: MeasuredTail): void {
    this.open.add(tail);
  }

  /** Idempotent. */
  closed(tail: MeasuredTail): void {
    this.open.delete(tail);
  }

  sent(events: number): void {
    this.sentEvents.inc(events);
  }

  lost(events: number): void {
    this.lostEvents.inc(events);
  }
}
