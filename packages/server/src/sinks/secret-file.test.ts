import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@meniscus/testkit';
import { readSecret } from './secret-file.ts';

test('a secret is one line of a file, without the space around it', async (t) => {
  const file = path.join(temporaryDirectory(t), 'secret');
  const holding = async (text: string): Promise<string> => {
    writeFileSync(file, text);
    return readSecret(file);
  };
  assert.equal(await holding('  open sesame \r\n\n'), 'open sesame');
  await assert.rejects(holding(' \n'), { message: `${file} is empty: it should hold a secret` });
  await assert.rejects(holding('one\ntwo\n'), { message: `${file} has more than one line: it should hold a secret` });
  await assert.rejects(readSecret(`${file}.none`), { message: `cannot read ${file}.none: ENOENT` });
});
