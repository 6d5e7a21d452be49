// Installs what a fresh clone lacks, with whatever Node 18 or newer is at hand. The Node that runs the product is one of the packages
// it installs: npm puts node_modules/.bin first on PATH, so the script that npm starts next finds that one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const marker = `${root}node_modules/.package-lock.json`;
const lock = `${root}package-lock.json`;

/** True when node_modules is as new as the lock file. */
function installed() {
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs;
}

function majorOfBundledNode() {
  const node = `${root}node_modules/.bin/node`;
  const run = spawnSync(existsSync(node) ? node : 'node', ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' });
  return Number(run.stdout);
}

if (!installed()) {
  console.error('meniscus: installing dependencies (once) ...');
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (run.status !== 0) {
    console.error('meniscus: `npm ci` failed; see above. Check the network and the registry, then try again.');
    process.exit(1);
  }
}

const wanted = JSON.parse(readFileSync(`${root}package.json`, 'utf8')).meniscus.node;
const major = majorOfBundledNode();
if (!(major >= wanted)) {
  console.error(
    `meniscus: needs Node ${wanted} or newer and found ${major || 'none'}; no packaged Node exists for this platform: install it.`,
  );
  process.exit(1);
}

if (!existsSync(`${root}node_modules/.cache/meniscus`)) {
  spawnSync('node', ['scripts/warm-compile-cache.ts'], {
    cwd: root,
    stdio: 'ignore',
    env: { ...process.env, PATH: `${root}node_modules/.bin${delimiter}${process.env.PATH}` },
  });
}
