import type { ControlStore } from './control-store.ts';
import { TENANT_NUMBERS } from './names.ts';

/** Reserved at once, so that most tenants cost one durable write and not two. What is left at the end is lost, which is harmless. */
const BLOCK = 64;

/** Internal numbers of tenants: 1, 2, ..., never the same twice, whoever else draws from the same store. */
export class TenantNumbers {
  readonly #store: ControlStore;
  #next = 0;
  #end = 0;
  #reserving: Promise<void> | undefined;

  constructor(store: ControlStore) {
    this.#store = store;
  }

  async next(): Promise<number> {
    while (this.#next >= this.#end) await (this.#reserving ??= this.#reserve());
    return this.#next++;
  }

  async #reserve(): Promise<void> {
    try {
      for (;;) {
        const held = this.#store.get<number>(TENANT_NUMBERS);
        const start = held?.value ?? 1;
        if ((await this.#store.put(TENANT_NUMBERS, start + BLOCK, held?.version ?? null)) === undefined) continue;
        this.#next = start;
        this.#end = start + BLOCK;
        return;
      }
    } finally {
      this.#reserving = undefined;
    }
  }
}
