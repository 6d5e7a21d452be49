/** Fills the compile cache once after an installation, so that already the first start is quick: imports what the service's threads import, and runs none of it. */
import { useCompileCache } from '../packages/server/src/compile-cache.ts';

useCompileCache();
await import('../packages/server/src/service.ts');
await import('../packages/server/src/config/load.ts');
for (const thread of ['threads/ingest-thread.ts', 'store/build-thread.ts', 'search/store/query-thread.ts'])
  // They end with an error here, since this is no thread of theirs, after everything they import was compiled.
  await import(`../packages/server/src/${thread}`).catch(() => {});
process.exit(0);
