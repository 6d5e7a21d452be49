#!/usr/bin/env node
// The command runs on Node 24, which npm packages bring along. An older Node that starts this file hands over to that one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const WANTED = 24;
const own = fileURLToPath(import.meta.url);

/** The packaged Node of the nearest node_modules above this file. */
function packagedNode() {
  const name = process.platform === 'win32' ? 'node.cmd' : 'node';
  for (let folder = path.dirname(own); ; folder = path.dirname(folder)) {
    const node = path.join(folder, 'node_modules', '.bin', name);
    if (existsSync(node)) return node;
    if (path.dirname(folder) === folder) return undefined;
  }
}

function handOver(node) {
  const child = spawn(node, [own, ...process.argv.slice(2)], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, MENISCUS_HANDED_OVER: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`meniscus: cannot run ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (Number(process.versions.node.split('.')[0]) >= WANTED) {
  const { main } = await import('../src/main.ts');
  await main();
} else {
  const node = process.env.MENISCUS_HANDED_OVER === undefined ? packagedNode() : undefined;
  if (node !== undefined) handOver(node);
  else {
    console.error(
      `meniscus: needs Node ${WANTED} or newer and runs on ${process.version}; \`npm install\` in the repository brings one, or install it.`,
    );
    process.exitCode = 1;
  }
}
