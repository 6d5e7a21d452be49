/**
 * The few things that the command does without the HTTP API: it starts the service, reads its configuration and works on a stopped service's
 * data directory. They are parts of the server's package, loaded only by the commands that need them.
 */
import type { explainConfig } from '../../server/src/config/explain.ts';
import type { checkConfig, loadConfig } from '../../server/src/config/load.ts';
import type { openDataDir } from '../../server/src/component/data-dir.ts';
import type { restoreBackup } from '../../server/src/backup/restore.ts';
import type { recoverAdminKey } from '../../server/src/control/admin-key.ts';
import type { checkSinks } from '../../server/src/sinks/check.ts';
import type { checkStore } from '../../server/src/store/tools/check.ts';
import type { repairStore } from '../../server/src/store/tools/repair.ts';
import type { storeStats } from '../../server/src/store/tools/stats.ts';
import { Failure } from './errors/failure.ts';

interface ConfigModule {
  readonly loadConfig: typeof loadConfig;
  readonly checkConfig: typeof checkConfig;
}

interface ExplainModule {
  readonly explainConfig: typeof explainConfig;
}

interface SinkCheckModule {
  readonly checkSinks: typeof checkSinks;
}

interface AdminKeyModule {
  readonly recoverAdminKey: typeof recoverAdminKey;
}

/** Resolves when the service has started; it then lives on and ends the process itself. */
interface MainModule {
  readonly main: (args: readonly string[]) => Promise<void>;
}

interface DataDirModule {
  readonly openDataDir: typeof openDataDir;
}

interface CheckModule {
  readonly checkStore: typeof checkStore;
}

interface RepairModule {
  readonly repairStore: typeof repairStore;
}

interface StatsModule {
  readonly storeStats: typeof storeStats;
}

interface RestoreModule {
  readonly restoreBackup: typeof restoreBackup;
}

/** A module of the server's package, by its path in `src`. */
async function serverModule(path: string): Promise<unknown> {
  const url = new URL(path, import.meta.resolve('@meniscus/server'));
  try {
    return await import(url.href);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Failure('this installation lacks a part of the server', {
      cause: error,
      notes: [`${url.href} cannot be loaded. Install it anew.`],
    });
  }
}

export const serverParts = {
  main: async () => (await serverModule('main.ts')) as MainModule,
  config: async () => (await serverModule('config/load.ts')) as ConfigModule,
  explain: async () => (await serverModule('config/explain.ts')) as ExplainModule,
  sinkCheck: async () => (await serverModule('sinks/check.ts')) as SinkCheckModule,
  adminKey: async () => (await serverModule('control/admin-key.ts')) as AdminKeyModule,
  dataDir: async () => (await serverModule('component/data-dir.ts')) as DataDirModule,
  restore: async () => (await serverModule('backup/restore.ts')) as RestoreModule,
  storeCheck: async () => (await serverModule('store/tools/check.ts')) as CheckModule,
  storeRepair: async () => (await serverModule('store/tools/repair.ts')) as RepairModule,
  storeStats: async () => (await serverModule('store/tools/stats.ts')) as StatsModule,
} as const;
