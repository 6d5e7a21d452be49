import type { ControlContext } from './context.ts';
import type { Control } from './control.ts';
import type { ControlStore } from './control-store.ts';
import { Directory } from './directory.ts';
import { Keys } from './keys.ts';
import { createTenantControl, removeOrphans } from './tenants.ts';
import { createWorkerControl } from './workers.ts';

export interface ControlOptions {
  /** Names of the configured sinks that producers may list, `store` among them; it may change. */
  readonly sinks: ReadonlySet<string>;
  /** In force where a producer lists none. */
  readonly defaultSinks: readonly string[];
  /** Milliseconds between changes of a message token. */
  readonly tokenResetMinimum: number;
  readonly now?: () => number;
  /** Faults that no caller waits for: of subscribers and of writing when keys were used. */
  readonly onError: (error: unknown) => void;
}

/** The control service over a store, which becomes its own: `close` closes it too. */
export async function createControl(store: ControlStore, options: ControlOptions): Promise<Control> {
  const { tokenResetMinimum, now = Date.now, onError } = options;
  const defaultSinks = [...options.defaultSinks];
  const directory = new Directory(store, defaultSinks, onError);
  const context: ControlContext = { store, directory, sinks: options.sinks, defaultSinks, tokenResetMinimum, now, onError };
  await removeOrphans(context);
  const keys = new Keys(context);
  return {
    tenants: createTenantControl(context),
    keys,
    workers: createWorkerControl(context),
    subscribe: (listener) => directory.subscribe(listener),
    setDefaultSinks: async (sinks) => {
      defaultSinks.splice(0, Infinity, ...sinks);
      directory.renew();
      await directory.settled();
    },
    close: async () => {
      await keys.close();
      directory.close();
      await store.close();
    },
  };
}
