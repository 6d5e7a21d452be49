import { pathToFileURL } from 'node:url';
import { useCompileCache } from './compile-cache.ts';
import type { Service } from './service.ts';

const STOP_MS = 9_500;

/** Ends the process when the service cannot go on, after it wrote down what it could. */
function die(error: unknown): never {
  const text = !(error instanceof Error) ? String(error) : error.name === 'MeniscusError' ? error.message : (error.stack ?? error.message);
  process.stderr.write(`meniscus: ${text}\n`);
  process.exit(error instanceof Error && 'code' in error && error.code === 'wrong_usage' ? 2 : 1);
}

/** SIGTERM and SIGINT stop cleanly within ten seconds; a second one ends at once. */
function stopOnSignals(service: Service): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => die(new Error('stopping took too long; what was acknowledged is safe in the queue')), STOP_MS).unref();
    service.stop().then(() => process.exit(0), die);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Runs the service in the foreground: `npm start`, `meniscus start`. `argv`: options only. Exits with 1 when the configuration is wrong or it cannot start, with 2 when
 * there is no such option. */
export async function main(argv: readonly string[]): Promise<void> {
  useCompileCache();
  try {
    const { loadConfig } = await import('./config/load.ts');
    const { startService } = await import('./service.ts');
    const load = () => loadConfig({ argv, env: process.env });
    const { config, warnings } = load();
    const service = await startService(config, { warnings, load, failed: die });
    stopOnSignals(service);
    process.on('SIGHUP', () => void service.reload().catch(() => {}));
    process.stdout.write(`${service.greeting}\n`);
  } catch (error) {
    die(error);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
