// npm runs this in a package's folder around packing it. The checkout exports TypeScript sources; the package exports what tsc makes of them, as Node does not strip
// types below node_modules. `prepack` builds and points package.json at dist, `postpack` puts package.json back.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = process.cwd();
const manifest = path.join(root, 'package.json');
const saved = path.join(root, 'package.json.saved');

function prepack() {
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  execFileSync('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
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
