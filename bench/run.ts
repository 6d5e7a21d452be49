/** `npm run bench [-- NAME ...]`: runs the benchmarks (all, or those whose name contains NAME) and writes docs/benchmarks.md; of a part, its rows. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { corpusLines, repository, scriptCleanup } from '@meniscus/testkit';
import { cases } from './cases/index.ts';
import type { Row } from './lib/case.ts';

const wanted = process.argv.slice(2);
const chosen = cases.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const rows: Row[] = [];
for (const each of chosen) {
  console.log(`== ${each.name}`);
  const t = scriptCleanup();
  try {
    for (const row of await each.run(t)) {
      rows.push(row);
      console.log(`${row.what}: ${row.result}${row.budget === '' ? '' : ` (budget ${row.budget})`}`);
    }
  } finally {
    await t.end();
  }
}

const file = path.join(repository, 'docs/benchmarks.md');

/** The rows of the page as it is. */
function written(): Row[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) => {
    const [what = '', result = '', budget = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return { what, result, budget };
  });
}

/** All rows of this run, or the page's with those of this run in their place. */
function allRows(): readonly Row[] {
  if (wanted.length === 0) return rows;
  const fresh = new Map(rows.map((row) => [row.what, row]));
  const old = written().map((row) => fresh.get(row.what) ?? row);
  return [...old, ...rows.filter(({ what }) => !old.some((row) => row.what === what))];
}

function page(): string {
  const gib = Math.round(os.totalmem() / 1024 ** 3);
  const corpus = corpusLines().real
    ? 'real lines of twelve systems (github.com/logpai/loghub), digits varied'
    : 'lines made by the generator in packages/testkit';
  return `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: Linux ${os.release().split('-')[0]}, ${os.cpus().length} cores (${os.cpus()[0]!.model.trim()}), ${gib} GiB, Node ${process.version}.
Corpus: ${corpus}. CPU is user and system time of the whole service, without the sender. Machines are noisy: compare rows of one run, not runs.

| what | result | budget |
| --- | --- | --- |
${allRows()
  .map(({ what, result, budget }) => `| ${what} | ${result} | ${budget} |`)
  .join('\n')}
`;
}

writeFileSync(file, page());
