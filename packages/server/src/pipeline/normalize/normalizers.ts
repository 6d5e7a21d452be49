import type { Origin } from '../../event/batch.ts';
import type { RowNormalizer } from '../../event/batch-builder.ts';
import type { Producer } from '../../event/event.ts';
import type { NormalizeTotals, RulebaseChange, RulebaseSource, UnparsedReport } from './rulebase-change.ts';
import { ProducerNormalizer, WorkGuard, type Totals } from './row-normalizer.ts';
import { RulebaseCache } from './rulebase-cache.ts';
import { Unparsed } from './unparsed.ts';

/** Remembered answers by tenant and producer: above so many all are forgotten, and found again as they are needed. */
const REMEMBERED_MAX = 10_000;

/** A thread's mirror of the rulebases in force: which one the events of a producer are normalized by. */
export class Normalizers {
  private readonly shipped = new Map<string, RulebaseSource>();
  private readonly own = new Map<number, Map<string, RulebaseSource>>();
  private readonly cache: RulebaseCache;
  private readonly unparsed = new Unparsed();
  private readonly guards = new Map<number, WorkGuard>();
  private readonly totals: Totals = { matched: 0, unparsed: 0, limited: 0, skipped: 0 };
  /** By the JSON text of the producer. */
  private readonly remembered = new Map<number, Map<string, ProducerNormalizer | undefined>>();
  private rememberedCount = 0;

  constructor(cache = new RulebaseCache()) {
    this.cache = cache;
  }

  /** What batches built so far are told of origins may change: `BatchBuilder.normalizeBy` again. */
  apply(changes: readonly RulebaseChange[]): void {
    for (const { tenant, name, source } of changes) {
      const names = tenant === null ? this.shipped : this.namesOf(tenant);
      if (source === undefined) names.delete(name);
      else names.set(name, source);
      if (tenant !== null && names.size === 0) this.own.delete(tenant);
    }
    this.remembered.clear();
    this.rememberedCount = 0;
  }

  /** The tenant is deleted. */
  forget(tenant: number): void {
    this.own.delete(tenant);
    this.guards.delete(tenant);
    this.unparsed.forget(tenant);
    this.rememberedCount -= this.remembered.get(tenant)?.size ?? 0;
    this.remembered.delete(tenant);
  }

  /** What normalizes the rows of an origin; undefined when its pattern names no rulebase. */
  readonly of = ({ tenant, producer }: Origin): RowNormalizer | undefined => {
    let byProducer = this.remembered.get(tenant);
    const known = byProducer?.get(producer);
    if (known !== undefined) return known.renew();
    if (byProducer?.has(producer) === true) return undefined;
    if (this.rememberedCount >= REMEMBERED_MAX) this.apply([]);
    byProducer = this.remembered.get(tenant);
    if (byProducer === undefined) this.remembered.set(tenant, (byProducer = new Map()));
    const made = this.make(tenant, JSON.parse(producer) as Pick<Producer, 'id' | 'pattern'> | null);
    byProducer.set(producer, made);
    this.rememberedCount++;
    return made;
  };

  /** What became of a producer's lines; undefined when there were none since its rulebase changed, or it has none. */
  report(tenant: number, producer: number | null, pattern: string): UnparsedReport | undefined {
    return this.unparsed.report(tenant, producer, this.sourceOf(tenant, pattern)?.key);
  }

  get stats(): NormalizeTotals {
    return { ...this.totals, loads: this.cache.loads, loadMs: this.cache.loadMs };
  }

  private make(tenant: number, producer: Pick<Producer, 'id' | 'pattern'> | null): ProducerNormalizer | undefined {
    if (producer === null) return undefined;
    const { id, pattern } = producer;
    const source = this.sourceOf(tenant, pattern);
    if (source === undefined) return undefined;
    return new ProducerNormalizer({
      pattern,
      loaded: () => this.cache.get(tenant, source),
      guard: this.guardOf(tenant),
      counts: this.unparsed.of(tenant, id, source.key),
      totals: this.totals,
    });
  }

  private sourceOf(tenant: number, pattern: string): RulebaseSource | undefined {
    return this.own.get(tenant)?.get(pattern) ?? this.shipped.get(pattern);
  }

  private namesOf(tenant: number): Map<string, RulebaseSource> {
    let names = this.own.get(tenant);
    if (names === undefined) this.own.set(tenant, (names = new Map()));
    return names;
  }

  private guardOf(tenant: number): WorkGuard {
    let guard = this.guards.get(tenant);
    if (guard === undefined) this.guards.set(tenant, (guard = new WorkGuard()));
    return guard;
  }
}
