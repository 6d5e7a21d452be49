/**
 * `npm run docs`: writes docs/reference from the program itself, so that it cannot say anything else than the program does. With `--check` it writes nothing and fails when
 * a committed file differs. It needs no network and no running service.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cliReference } from '../packages/cli/src/docs.ts';
import { describeApplication } from './docs/application.ts';
import { configReference } from './docs/config.ts';
import { deadLettersReference } from './docs/dead-letters.ts';
import { errorsReference } from './docs/errors.ts';
import { httpReference } from './docs/http.ts';
import { indexPage } from './docs/index-page.ts';
import { jsonFieldsReference } from './docs/json-fields.ts';
import { limitsReference } from './docs/limits.ts';
import { metricsReference } from './docs/metrics.ts';
import { rulebasesReference } from './docs/rulebases.ts';
import { sinksReference } from './docs/sinks.ts';
import { root } from './lib/steps.ts';

const directory = path.join(root, 'docs/reference');

async function pages(): Promise<ReadonlyMap<string, string>> {
  const { openapi, metrics } = await describeApplication();
  return new Map([
    ['README.md', indexPage()],
    ['openapi.json', `${JSON.stringify(openapi, null, 1)}\n`],
    ['http.md', httpReference(openapi)],
    ['cli.md', cliReference()],
    ['config.md', configReference()],
    ['errors.md', errorsReference(openapi)],
    ['limits.md', limitsReference()],
    ['metrics.md', metricsReference(metrics)],
    ['json-fields.md', jsonFieldsReference()],
    ['dead-letters.md', deadLettersReference()],
    ['rulebases.md', rulebasesReference()],
    ['sinks.md', sinksReference()],
  ]);
}

function committed(name: string): string | undefined {
  try {
    return readFileSync(path.join(directory, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const generated = await pages();
const stale = [...generated].filter(([name, text]) => committed(name) !== text).map(([name]) => name);
if (process.argv.includes('--check')) {
  for (const name of stale) console.error(`docs/reference/${name} is not what the program says: run \`npm run docs\` and commit it`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  mkdirSync(directory, { recursive: true });
  for (const name of stale) writeFileSync(path.join(directory, name), generated.get(name)!);
  console.log(stale.length === 0 ? 'docs/reference is current' : `written: ${stale.map((name) => `docs/reference/${name}`).join(', ')}`);
}
