#!/usr/bin/env node
// The command in both of its homes: the checkout, where Node runs the TypeScript sources, and the published package, which has only dist.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Starting takes half the time when Node keeps what it made of the sources.
enableCompileCache?.();

const source = new URL('../src/cli/main.ts', import.meta.url);
const bundled = new URL('../../../node_modules/.bin/node', import.meta.url);

if (!existsSync(source)) {
  const { main } = await import(new URL('../dist/cli/main.js', import.meta.url).href);
  process.exitCode = main(process.argv.slice(2));
} else if (process.features.typescript || !existsSync(bundled)) {
  const { main } = await import(source.href);
  process.exitCode = main(process.argv.slice(2));
} else {
  // Called with an older Node than the checkout needs and has: `npx` would have found the right one.
  const run = spawnSync(fileURLToPath(bundled), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
}
