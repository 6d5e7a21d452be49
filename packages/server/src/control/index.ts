import type { ControlStore } from './control-store.ts';
import { openEmbedded } from './embedded/embedded.ts';

/** Every control store there is, by its name in the configuration; each opens in a directory of its own. */
export const controlStores = {
  embedded: openEmbedded,
} as const satisfies Record<string, (directory: string) => ControlStore>;
