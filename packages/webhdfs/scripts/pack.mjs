// npm runs this around packing. The checkout exports TypeScript sources; the package exports what tsc makes of them, as Node does not strip
// types below node_modules. `prepack` builds and points package.json at dist, `postpack` puts package.json back.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = `${root}package.json`;
const saved = `${root}package.json.saved`;

function prepack() {
  rmSync(`${root}dist`, { recursive: true, force: true });
  execFileSync('npx', ['--no-install', 'tsc', '-p', `${root}tsconfig.build.json`], { cwd: root, stdio: 'inherit' });
  copyFileSync(manifest, saved);
  const content = JSON.parse(readFileSync(manifest, 'utf8'));
  content.exports['.'] = { types: './dist/index.d.ts', default: './dist/index.js' };
  delete content.scripts;
  writeFileSync(manifest, `${JSON.stringify(content, null, 2)}\n`);
}

function postpack() {
  if (existsSync(saved)) renameSync(saved, manifest);
}

if (process.argv[2] === 'postpack') postpack();
else prepack();
