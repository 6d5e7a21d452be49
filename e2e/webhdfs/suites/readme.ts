/** Runs the examples of the package's README: each program that is followed by its output. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { repository, temporaryDirectory } from '@meniscus/testkit';
import type { Target } from './target.ts';

const PACKAGE = path.join(repository, 'packages/webhdfs');
const EXAMPLE = /^```ts\n([^]*?)^```\n\n```output\n([^]*?)^```/gm;

export async function readme(t: TestContext, { url, superuser }: Target): Promise<void> {
  const text = readFileSync(path.join(PACKAGE, 'README.md'), 'utf8');
  const examples = [...text.matchAll(EXAMPLE)];
  assert.ok(examples.length >= 8);
  const directory = temporaryDirectory(t);
  for (const { 1: code, 2: output, index } of examples) {
    const line = text.slice(0, index).split('\n').length;
    await t.test(`line ${line}`, async () => {
      const file = path.join(directory, `line-${line}.mts`);
      writeFileSync(file, here(code!, url, superuser));
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { cwd: directory, timeout: 60_000 });
      assert.deepEqual([stdout, stderr], [output, '']);
    });
  }
}

/** With the sources in place of the package, and the server of this test in place of the reader's. */
function here(code: string, url: string, superuser: string): string {
  return code
    .replaceAll("'@meniscus/webhdfs'", `'file://${PACKAGE}/src/index.ts'`)
    .replaceAll('http://localhost:9870', url)
    .replaceAll("user: 'hdfs'", `user: '${superuser}'`);
}
