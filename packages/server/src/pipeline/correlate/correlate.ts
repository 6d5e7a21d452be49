import type { ProducerView, TenantView } from '../../control/tenant.ts';
import type { Producer } from '../../event/event.ts';

/** What an event gets whose pname is no producer's name. */
export function defaultProducer(sinks: readonly string[]): Producer {
  return { id: null, name: null, pattern: 'default', durable: false, encrypted: false, sinks };
}

/** The order of keys is the API's. */
function producerOf({ id, name, pattern, durable, encrypted, sinks }: ProducerView): Producer {
  return { id, name, pattern, durable, encrypted, sinks };
}

/** `%FACILITY-SEVERITY-MNEMONIC`, with more parts in the facility at times. */
const CISCO = /^(%[A-Z0-9_-]{1,64}?)-[0-7]-[A-Z0-9_]{1,64}$/;

/**
 * Matches events to producers by `pname == name`, as 2013 did, and what a Cisco device calls `%ASA-6-302013` also to a producer `%ASA`, since it has no name of its own; made once per tenant and change of its producers, so that an event costs a look-up.
 * Gives JSON text of the Producer, the form in which batches hold it.
 */
export class Correlator {
  private fallback = '';
  /** A changed tenant is a new view, so nothing here goes stale. */
  private readonly texts = new WeakMap<TenantView, Map<string, string>>();

  constructor(defaultSinks: readonly string[]) {
    this.setDefaultSinks(defaultSinks);
  }

  setDefaultSinks(sinks: readonly string[]): void {
    this.fallback = JSON.stringify(defaultProducer(sinks));
  }

  producerOf(tenant: TenantView, pname: string): string {
    if (tenant.producers.length === 0) return this.fallback;
    let byName = this.texts.get(tenant);
    if (byName === undefined) {
      byName = new Map(tenant.producers.map((producer) => [producer.name, JSON.stringify(producerOf(producer))]));
      this.texts.set(tenant, byName);
    }
    return byName.get(pname) ?? this.ofFacility(byName, pname) ?? this.fallback;
  }

  private ofFacility(byName: ReadonlyMap<string, string>, pname: string): string | undefined {
    const facility = pname.startsWith('%') ? CISCO.exec(pname)?.[1] : undefined;
    return facility === undefined ? undefined : byName.get(facility);
  }
}
