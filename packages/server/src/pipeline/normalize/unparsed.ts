import { limits } from '../../limits.ts';
import type { UnparsedReport } from './rulebase-change.ts';

/** The newest unparsed lines of one producer, their beginnings copied into one piece of memory. */
class Samples {
  /** Counts lines ever added: the newest is at `count - 1`. */
  count = 0;
  private readonly bytes = Buffer.allocUnsafeSlow(limits.unparsedSamples * limits.unparsedSampleBytes);
  private readonly lengths = new Uint16Array(limits.unparsedSamples);
  private readonly times = new Float64Array(limits.unparsedSamples);

  add(source: Buffer, from: number, to: number, time: number): void {
    const slot = this.count++ % limits.unparsedSamples;
    let end = Math.min(to, from + limits.unparsedSampleBytes);
    // Never within a character.
    if (end < to) while (end > from && (source[end]! & 0xc0) === 0x80) end--;
    source.copy(this.bytes, slot * limits.unparsedSampleBytes, from, end);
    this.lengths[slot] = end - from;
    this.times[slot] = time;
  }

  get newest(): number {
    return this.count === 0 ? 0 : this.times[(this.count - 1) % limits.unparsedSamples]!;
  }

  /** Newest first. */
  *list(): Generator<{ readonly time: number; readonly msg: string }> {
    for (let i = this.count - 1; i >= Math.max(0, this.count - limits.unparsedSamples); i--) {
      const slot = i % limits.unparsedSamples;
      const at = slot * limits.unparsedSampleBytes;
      yield { time: this.times[slot]!, msg: this.bytes.utf8Slice(at, at + this.lengths[slot]!) };
    }
  }
}

/** What became of the lines of one producer since its rulebase changed. */
export class ProducerCounts {
  matched = 0;
  unparsed = 0;
  limited = 0;
  skipped = 0;
  samples: Samples | undefined;
  private readonly room: (counts: ProducerCounts) => void;

  /** `room` is called before samples are kept that take memory. */
  constructor(room: (counts: ProducerCounts) => void) {
    this.room = room;
  }

  sample(source: Buffer, from: number, to: number, time: number): void {
    if (this.samples === undefined) {
      this.room(this);
      this.samples = new Samples();
    }
    this.samples.add(source, from, to, time);
  }

  get report(): UnparsedReport {
    const { matched, unparsed, limited, skipped, samples } = this;
    return { matched, unparsed, limited, skipped, samples: [...(samples?.list() ?? [])] };
  }
}

/** The counts of a thread, by tenant and producer. */
export class Unparsed {
  private readonly byTenant = new Map<number, Map<number | null, { readonly key: string; readonly counts: ProducerCounts }>>();
  private readonly sampled = new Set<ProducerCounts>();

  /** `key`: of the rulebase; the counts of another one are forgotten. */
  of(tenant: number, producer: number | null, key: string): ProducerCounts {
    let producers = this.byTenant.get(tenant);
    if (producers === undefined) this.byTenant.set(tenant, (producers = new Map()));
    const known = producers.get(producer);
    if (known?.key === key) return known.counts;
    if (known !== undefined) this.sampled.delete(known.counts);
    const counts = new ProducerCounts(this.room);
    producers.set(producer, { key, counts });
    return counts;
  }

  /** `key`: of the rulebase in force; undefined when there is none. */
  report(tenant: number, producer: number | null, key: string | undefined): UnparsedReport | undefined {
    const known = this.byTenant.get(tenant)?.get(producer);
    return known === undefined || known.key !== key ? undefined : known.counts.report;
  }

  /** The tenant is gone. */
  forget(tenant: number): void {
    for (const { counts } of this.byTenant.get(tenant)?.values() ?? []) this.sampled.delete(counts);
    this.byTenant.delete(tenant);
  }

  /** Above the limit the samples go that are oldest. */
  private readonly room = (counts: ProducerCounts): void => {
    if (this.sampled.size >= limits.unparsedProducers) {
      let oldest: ProducerCounts | undefined;
      for (const each of this.sampled) if (oldest === undefined || each.samples!.newest < oldest.samples!.newest) oldest = each;
      oldest!.samples = undefined;
      this.sampled.delete(oldest!);
    }
    this.sampled.add(counts);
  };
}
