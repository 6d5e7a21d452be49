import type { ControlStore } from '../../control/control-store.ts';

const PREFIX = 'sink-removal/';

/** A deleted tenant whose events a sink still has. */
export interface Removal {
  readonly number: number;
  readonly tenantId: string;
  /** Microseconds: what was received later is of a tenant that was made anew under the id. */
  readonly before: number;
}

/** Which sinks have still to remove what of deleted tenants: in the control store, so that a sink that is down and a restart forget nothing. */
export class Removals {
  private readonly store: ControlStore;

  constructor(store: ControlStore) {
    this.store = store;
  }

  of(sink: string): readonly Removal[] {
    return Array.from(this.store.list<Removal>(prefixOf(sink)), ({ value }) => value);
  }

  async add(sinks: readonly string[], removal: Removal): Promise<void> {
    for (const sink of sinks) await this.store.put(`${prefixOf(sink)}${removal.number}`, removal);
  }

  async done(sink: string, number: number): Promise<void> {
    await this.store.delete(`${prefixOf(sink)}${number}`);
  }

  /** The sink is not configured any more. */
  async forget(sink: string): Promise<void> {
    for (const { number } of this.of(sink)) await this.done(sink, number);
  }
}

function prefixOf(sink: string): string {
  return `${PREFIX}${sink}/`;
}
