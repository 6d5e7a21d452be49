/** `npm run bench [-- NAME ...]`: runs the benchmarks (all, or those whose name contains NAME) and writes docs/benchmarks.md when all were run. */
import { writeFileSync } from 'node:fs';
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
${rows.map(({ what, result, budget }) => `| ${what} | ${result} | ${budget} |`).join('\n')}
`;
}

if (wanted.length === 0) writeFileSync(path.join(repository, 'docs/benchmarks.md'), page());
