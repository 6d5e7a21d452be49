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
  private readonly wanted = new WeakMap<ArrayBuffer, ReadonlySet<string>>();

  has(bytes: ArrayBuffer, sink: string): boolean {
    let wanted = this.wanted.get(bytes);
    if (wanted === undefined) {
      const { origins } = new Batch(bytes).dictionaries;
      wanted = new Set(origins.flatMap(({ producer }) => this.producers.of(producer)));
      this.wanted.set(bytes, wanted);
    }
    return wanted.has(sink);
  }
}
