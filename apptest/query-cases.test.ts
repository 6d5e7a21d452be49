import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { repository } from '@meniscus/testkit';
import { setUp } from './support/setup.ts';

const script = path.join(repository, '../shared/data/query/check.mjs');

test(
  'the sample cases of the query language, over HTTP',
  { skip: existsSync(script) ? false : 'the sample cases are not beside the repository' },
  async (t) => {
    const { client, tenant } = await setUp(t);
    const args = [script, '--url', client.url, '--tenant', tenant.id, '--token', tenant.token, '--key', client.adminKey, '--quiet'];
    const { stdout } = await promisify(execFile)(process.execPath, args).catch((error: { stdout: string }) => error);
    assert.match(stdout, /\n\d+ passed, 0 failed\n$/, stdout);
  },
);
