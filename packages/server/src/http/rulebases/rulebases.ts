import type { ControlStore } from '../../control/control-store.ts';
import { ownedKey, RULEBASE as KIND } from '../../control/names.ts';
import { MeniscusError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { RulebaseRunner } from './rulebase-runner.ts';

export interface RulebaseInfo {
  readonly name: string;
  /** Comes with the service; false for the tenant's own. */
  readonly shipped: boolean;
  readonly bytes: number;
}

/** The rulebases of tenants, by their internal numbers, and the shipped ones that all have. A tenant's own goes before a shipped one of its name. */
export interface Rulebases {
  /** Sorted by name, each name once. */
  list(tenant: number): readonly RulebaseInfo[];
  get(tenant: number, name: string): string | undefined;
  isShipped(name: string): boolean;
  /** true when the tenant had none of the name. Throws bad_rulebase and limit_exceeded. */
  put(tenant: number, name: string, text: string): Promise<boolean>;
  /** false when the tenant has none of its own. */
  delete(tenant: number, name: string): Promise<boolean>;
  /** `{"results": [...]}` with the normalized objects of lines, as JSON; with `explain` also how far the rules got with each. Throws as `put`. */
  test(tenant: number, text: string, lines: readonly string[], explain: boolean): Promise<string>;
}

interface Stored {
  readonly text: string;
}

function* stored(store: ControlStore, tenant: number): Generator<RulebaseInfo> {
  const prefix = ownedKey(tenant, KIND, '');
  for (const { key, value } of store.list<Stored>(prefix))
    yield { name: key.slice(prefix.length), shipped: false, bytes: Buffer.byteLength(value.text) };
}

/** Refuses one more, or one that is larger than what is left. */
function checkRoom(store: ControlStore, tenant: number, name: string, text: string): void {
  let count = 1;
  let bytes = Buffer.byteLength(text);
  for (const other of stored(store, tenant)) {
    if (other.name === name) continue;
    count++;
    bytes += other.bytes;
  }
  if (count > limits.rulebasesPerTenant)
    throw new MeniscusError('limit_exceeded', `at most ${limits.rulebasesPerTenant} rulebases: delete those that are no longer used`);
  if (bytes > limits.rulebaseBytesPerTenant)
    throw new MeniscusError('limit_exceeded', `the rulebases of a tenant may have ${limits.rulebaseBytesPerTenant} bytes together`);
}

/** Tells the threads of changes, which it hears from the store. */
export interface RulebasesInForce {
  /** By name. */
  readonly shipped: ReadonlyMap<string, string>;
  /** Resolves when all changes so far are in force. */
  settled(): Promise<void>;
}

/** Rulebases as records of the control store; the control removes them with their tenant. A change is in force in all threads when its call resolves. */
export function createRulebases(store: ControlStore, inForce: RulebasesInForce): Rulebases {
  const { shipped } = inForce;
  const runner = new RulebaseRunner();
  const own = (tenant: number, name: string): string | undefined => store.get<Stored>(ownedKey(tenant, KIND, name))?.value.text;
  return {
    list: (tenant) => {
      const infos = new Map<string, RulebaseInfo>();
      for (const [name, text] of shipped) infos.set(name, { name, shipped: true, bytes: Buffer.byteLength(text) });
      for (const info of stored(store, tenant)) infos.set(info.name, info);
      return [...infos.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    get: (tenant, name) => own(tenant, name) ?? shipped.get(name),
    isShipped: (name) => shipped.has(name),
    put: async (tenant, name, text) => {
      await runner.run(tenant, { text, lines: [] });
      checkRoom(store, tenant, name, text);
      const key = ownedKey(tenant, KIND, name);
      const isNew = (await store.put(key, { text }, null)) !== undefined;
      if (!isNew) await store.put(key, { text });
      await inForce.settled();
      return isNew;
    },
    delete: async (tenant, name) => {
      const existed = await store.delete(ownedKey(tenant, KIND, name));
      await inForce.settled();
      return existed;
    },
    test: (tenant, text, lines, explain) => runner.run(tenant, { text, lines, explain }),
  };
}
