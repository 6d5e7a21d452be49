import { Batch } from '../../event/batch.ts';
import type { Producer } from '../../event/event.ts';

/** Texts of producers are few; above so many the cache starts afresh. */
const PRODUCERS_MAX = 20_000;

/** Which sinks the events of a producer go to, by the text in which batches hold the producer. */
export class ProducerSinks {
  private readonly sinks = new Map<string, readonly string[]>();

  of(producer: string): readonly string[] {
    let sinks = this.sinks.get(producer);
    if (sinks === undefined) {
      if (this.sinks.size >= PRODUCERS_MAX) this.sinks.clear();
      sinks = (JSON.parse(producer) as Producer).sinks;
      this.sinks.set(producer, sinks);
    }
    return sinks;
  }
}

/** Which sinks want something of a batch; asked by each feed of the same batch, found once. */
export class WantedBatches {
  private readonly producers = new ProducerSinks();
  private readonly found = new WeakMap<ArrayBuffer, { readonly sinks: ReadonlySet<string>; readonly receivedMs: number }>();

  has(bytes: ArrayBuffer, sink: string): boolean {
    return this.of(bytes).sinks.has(sink);
  }

  /** When its first event was received, in milliseconds since the epoch. */
  receivedMs(bytes: ArrayBuffer): number {
    return this.of(bytes).receivedMs;
  }

  private of(bytes: ArrayBuffer): { readonly sinks: ReadonlySet<string>; readonly receivedMs: number } {
    let found = this.found.get(bytes);
    if (found === undefined) {
      const batch = new Batch(bytes);
      const sinks = new Set(batch.dictionaries.origins.flatMap(({ producer }) => this.producers.of(producer)));
      found = { sinks, receivedMs: (batch.received[0] ?? 0) / 1000 };
      this.found.set(bytes, found);
    }
    return found;
  }
}
