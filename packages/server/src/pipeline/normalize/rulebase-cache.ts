import type { Rulebase } from '@meniscus/lognorm';
import { limits } from '../../limits.ts';
import { engine } from './engine.ts';
import type { RulebaseSource } from './rulebase-change.ts';

/** A tenth of the time is given back. */
const REFILL = 0.1;

/** A rulebase that was loaded. */
export interface Loaded {
  /** undefined: it cannot be loaded, or it is not kept any more. */
  rulebase: Rulebase | undefined;
  readonly bytes: number;
}

interface Credit {
  ms: number;
  at: number;
}

/**
 * Rulebases of one thread ready to run, by their text: those used last, so that memory stays bounded. They are loaded when first needed, at the cost of the tenant that
 * needs them: one who makes many, or changes them all the time, waits and holds up nobody else.
 */
export class RulebaseCache {
  loads = 0;
  loadMs = 0;
  /** In the order of use. */
  private readonly loaded = new Map<string, Loaded>();
  private bytes = 0;
  private readonly credits = new Map<number, Credit>();
  private readonly now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** The rulebase; undefined when the tenant has loaded too much of late. */
  get(tenant: number, source: RulebaseSource): Loaded | undefined {
    const known = this.loaded.get(source.key);
    if (known !== undefined) {
      this.loaded.delete(source.key);
      this.loaded.set(source.key, known);
      return known;
    }
    const credit = this.creditOf(tenant);
    return credit.ms <= 0 ? undefined : this.load(source, credit);
  }

  private load(source: RulebaseSource, credit: Credit): Loaded {
    const begin = this.now();
    const loaded = { rulebase: load(source.bytes), bytes: source.bytes.length };
    const ms = this.now() - begin;
    credit.ms -= ms;
    this.loads++;
    this.loadMs += ms;
    this.loaded.set(source.key, loaded);
    this.bytes += loaded.bytes;
    this.evict(source.key);
    return loaded;
  }

  private evict(newest: string): void {
    for (const [key, old] of this.loaded) {
      if (this.bytes <= limits.rulebaseCacheBytes || key === newest) return;
      this.loaded.delete(key);
      old.rulebase = undefined;
      this.bytes -= old.bytes;
    }
  }

  /** Tenants whose credit is whole again are forgotten. */
  private creditOf(tenant: number): Credit {
    const now = this.now();
    let credit = this.credits.get(tenant);
    if (credit === undefined) {
      if (this.credits.size > 1_000) this.forgetWhole(now);
      this.credits.set(tenant, (credit = { ms: limits.rulebaseLoadMs, at: now }));
    }
    credit.ms = Math.min(limits.rulebaseLoadMs, credit.ms + (now - credit.at) * REFILL);
    credit.at = now;
    return credit;
  }

  private forgetWhole(now: number): void {
    for (const [tenant, { ms, at }] of this.credits) if (ms + (now - at) * REFILL >= limits.rulebaseLoadMs) this.credits.delete(tenant);
  }
}

/** Texts were checked when they were saved; one that an older version took and this one does not, runs as far as it goes. */
function load(text: Uint8Array): Rulebase | undefined {
  try {
    return engine().loadRulebaseSync(
      { text },
      { allowRegex: false, workPerLine: limits.normalizeWork, maxRuleBytes: limits.rulebaseRuleBytes },
    );
  } catch (error) {
    if (error instanceof engine().RulebaseLoadError) return undefined;
    throw error;
  }
}
