#!/usr/bin/env node
// The command in both of its homes: the checkout, where Node runs the TypeScript sources, and the published package, which has only dist.
import { existsSync } from 'node:fs';

const source = new URL('../src/cli/main.ts', import.meta.url);
const { main } = await import(existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
process.exitCode = main(process.argv.slice(2));
