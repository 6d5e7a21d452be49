import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs a command with our output streams; resolves with its exit code. */
export async function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: environment });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal !== null) console.error(`${command} was ended by ${signal}`);
      resolve(code ?? 1);
    });
  });
}

/** A check that passes or fails as a whole, e.g. the linter. */
export async function check(name: string, command: string, args: readonly string[]): Promise<Counts> {
  console.log(`\n== ${name}`);
  const ok = (await run(command, args)) === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** Runs test files with node:test; counts single tests. A run that dies without counting is one failure. */
export async function tests(
  name: string,
  files: readonly string[],
  options: { readonly concurrency?: number; readonly timeoutMs?: number } = {},
): Promise<Counts> {
  console.log(`\n== ${name}`);
  const directory = mkdtempSync(path.join(tmpdir(), 'meniscus-counts-'));
  const counts = path.join(directory, 'counts.json');
  try {
    const code = await run(process.execPath, [
      '--test',
      `--test-concurrency=${options.concurrency ?? 2}`,
      `--test-timeout=${options.timeoutMs ?? 120_000}`,
      '--test-reporter=dot',
      '--test-reporter-destination=stdout',
      `--test-reporter=${path.join(import.meta.dirname, 'count-reporter.ts')}`,
      `--test-reporter-destination=${counts}`,
      ...files,
    ]);
    const result = JSON.parse(readFileSync(counts, 'utf8')) as Counts;
    return code !== 0 && result.failed === 0 ? { ...result, failed: 1 } : result;
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Prints the closing line and gives the exit code. No test at all is a failure. */
export function close(all: readonly Counts[]): number {
  const sum = (key: keyof Counts): number => all.reduce((total, counts) => total + counts[key], 0);
  const skipped = sum('skipped');
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}
