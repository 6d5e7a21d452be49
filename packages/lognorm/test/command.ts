/** Runs the command line tool inside the test's process, with files as its standard streams. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../src/cli/main.ts';

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  input?: string | Uint8Array;
  directory?: string;
  env?: Record<string, string> | undefined;
}

export function runCommand(argv: readonly string[], options: CommandOptions = {}): CommandResult {
  const directory = mkdtempSync(join(tmpdir(), 'lognorm-run-'));
  const path = (name: string): string => join(directory, name);
  writeFileSync(path('in'), options.input ?? '');
  const streams = { stdin: openSync(path('in'), 'r'), stdout: openSync(path('out'), 'w'), stderr: openSync(path('err'), 'w') };
  const before = process.cwd();
  const saved = { ...process.env };
  try {
    if (options.directory !== undefined) process.chdir(options.directory);
    Object.assign(process.env, options.env);
    const code = main(argv, streams);
    return { code, stdout: readFileSync(path('out'), 'utf8'), stderr: readFileSync(path('err'), 'utf8') };
  } finally {
    process.chdir(before);
    process.env = saved;
    for (const descriptor of Object.values(streams)) closeSync(descriptor);
    rmSync(directory, { recursive: true });
  }
}
