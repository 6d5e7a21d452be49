import { createRequire } from 'node:module';
import type * as Engine from '@meniscus/lognorm';

const require = createRequire(import.meta.url);

/** The rulebase engine, loaded when the first rulebase is: a service without any keeps its memory for something else. */
export function engine(): typeof Engine {
  return require('@meniscus/lognorm') as typeof Engine;
}
