/** `npm test`: everything that needs only npm. Lint, types, format, generated docs, then unit and contract tests, then real processes of the embedded service. */
import { globSync } from 'node:fs';
import { check, close, root, tests, type Counts } from './lib/steps.ts';

const results: Counts[] = [
  await check('lint', 'oxlint', ['--type-aware', '--deny-warnings']),
  await check('types', 'tsc', ['--noEmit']),
  await check('types of lognorm by itself', 'tsc', ['--noEmit', '-p', 'packages/lognorm/tsconfig.build.json']),
  await check('types of webhdfs by itself', 'tsc', ['--noEmit', '-p', 'packages/webhdfs/tsconfig.build.json']),
  await check('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
  await check('generated docs are current', process.execPath, ['scripts/docs.ts', '--check']),
  await tests('unit and contract tests', globSync('packages/*/{src,test}/**/*.test.ts', { cwd: root })),
  await tests('the service as a process', globSync('apptest/**/*.test.ts', { cwd: root })),
];
process.exitCode = close(results);
