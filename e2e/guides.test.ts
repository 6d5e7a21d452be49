import { globSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { followPage, lacksServer, missing, readPage, repository, temporaryDirectory } from '@meniscus/testkit';
import { providePrograms } from './support/programs.ts';

/** The pages whose commands need programs or servers that npm does not bring; apptest has the others. */
const pages = [...globSync('docs/guides/*.md', { cwd: repository }), ...globSync('examples/**/README.md', { cwd: repository })]
  .map((file) => readPage(path.join(repository, file)))
  .filter(({ steps, needs, servers }) => steps.length > 0 && needs.length + servers.length > 0);

for (const page of pages)
  test(`the commands of ${path.relative(repository, page.path)} do what the page says`, { timeout: 180_000 }, async (t) => {
    const bin = path.join(temporaryDirectory(t), 'bin');
    const lacking = await providePrograms(t, bin, page.needs).catch((error: unknown) => missing(page.needs.join(', '), error));
    if (typeof lacking === 'string') return t.skip(lacking);
    const lackingServer = await lacksServer(...page.servers);
    if (lackingServer !== false) return t.skip(lackingServer);
    return followPage(t, page, { ...process.env, PATH: `${bin}:${process.env['PATH']}` });
  });
