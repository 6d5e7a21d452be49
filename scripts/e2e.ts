/** `npm run e2e`: what needs more than npm (real clients and servers, which the tests install themselves) or more time: crashes, full disks, load, fuzzing. */
import { globSync } from 'node:fs';
import { check, close, root, tests, type Counts } from './lib/steps.ts';

/** Of one test, and of one file: twenty crashes in a row are one test. */
const TIMEOUT_MS = 600_000;
/** Seed, lines and rulebases: about a minute. */
const LOGNORM_FUZZ = ['1', '2000000', '40000'];

const results: Counts[] = [
  await tests(
    'real clients, crashes, load',
    globSync(['e2e/*.test.ts', 'e2e/{clients,hard,load,routes,search,sinks,webhdfs}/**/*.test.ts'], { cwd: root }),
    {
      concurrency: 2,
      timeoutMs: TIMEOUT_MS,
    },
  ),
  await check('fuzzed rulebases and lines', 'npm', ['run', '--silent', 'fuzz', '-w', 'packages/lognorm', '--', ...LOGNORM_FUZZ]),
];
process.exitCode = close(results);
