import { createHash } from 'node:crypto';
import type { ControlStore } from '../../control/control-store.ts';
import { OWNED, parseOwned, RULEBASE } from '../../control/names.ts';
import type { RulebaseChange, RulebaseSource } from './rulebase-change.ts';

/** Tells threads; resolves when the changes are in force there. */
export type RulebaseTarget = (changes: readonly RulebaseChange[]) => Promise<void>;

interface Stored {
  readonly text: string;
}

/** How long the caller of a change waits for the threads: one that hangs must not stop the API. */
const TARGET_MS = 1000;

function sourceOf(text: string): RulebaseSource {
  const utf8 = Buffer.from(text, 'utf8');
  const bytes = new Uint8Array(new SharedArrayBuffer(utf8.length));
  bytes.set(utf8);
  return { key: createHash('sha256').update(utf8).digest('hex'), bytes };
}

/**
 * Rulebases on their way to the threads. It hears of changes from the store's watch only, so that one made here and one made on another computer take the same way.
 */
export class RulebaseFeed {
  /** By name. */
  readonly shipped: ReadonlyMap<string, string>;
  /** What is in force, by key of the store; shipped ones by their name. One memory for all threads. */
  private readonly inForce = new Map<string, RulebaseChange>();
  private readonly targets = new Set<RulebaseTarget>();
  private readonly unwatch: () => void;
  private readonly onError: (error: unknown) => void;
  private told: Promise<unknown> = Promise.resolve();

  constructor(store: ControlStore, shipped: ReadonlyMap<string, string>, onError: (error: unknown) => void) {
    this.shipped = shipped;
    this.onError = onError;
    this.unwatch = store.watch(OWNED, ({ key, value }) => this.changed(key, value as Stored | undefined));
    for (const [name, text] of shipped) this.inForce.set(name, { tenant: null, name, source: sourceOf(text) });
    for (const { key, value } of store.list<Stored>(OWNED)) this.note(key, value);
  }

  /** All there are now. Whoever takes them is to be added before anything else happens. */
  get all(): readonly RulebaseChange[] {
    return [...this.inForce.values()];
  }

  add(target: RulebaseTarget): void {
    this.targets.add(target);
  }

  /** Resolves when all changes so far are in force in all threads, or they had their time. */
  async settled(): Promise<void> {
    await this.told;
  }

  close(): void {
    this.unwatch();
    this.targets.clear();
  }

  private changed(key: string, value: Stored | undefined): void {
    const change = this.note(key, value);
    if (change !== undefined) this.told = Promise.all([this.told, ...[...this.targets].map((target) => this.tell(target, change))]);
  }

  /** undefined when it is no rulebase. */
  private note(key: string, value: Stored | undefined): RulebaseChange | undefined {
    const owned = parseOwned(key);
    if (owned?.kind !== RULEBASE) return undefined;
    const change = { tenant: owned.number, name: owned.name, source: value === undefined ? undefined : sourceOf(value.text) };
    if (change.source === undefined) this.inForce.delete(key);
    else this.inForce.set(key, change);
    return change;
  }

  /** Never rejects: the change itself is durable already. */
  private async tell(target: RulebaseTarget, change: RulebaseChange): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, TARGET_MS)));
      await Promise.race([target([change]), late]);
    } catch (error) {
      this.onError(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
