import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@meniscus/testkit';
import { eventually } from '../../queue/contract.testing.ts';
import { DirectoryFeed } from '../../threads/directory-feed.ts';
import { SinkHandle } from './handle.ts';

/** Ends its thread the first time that it is opened. */
const CRASHES_ONCE = `import { existsSync, writeFileSync } from 'node:fs';
export function createWriter({ mark }) {
  return {
    async check() {},
    async open() {
      if (existsSync(mark)) return;
      writeFileSync(mark, '');
      setTimeout(() => { throw new Error('a defect'); }, 0);
      await new Promise(() => {});
    },
    async write() {},
  };
}
`;

test('a thread that ends is started again, and who asks meanwhile is answered', async (t) => {
  const directory = temporaryDirectory(t);
  const module = path.join(directory, 'own.mjs');
  writeFileSync(module, CRASHES_ONCE);
  const warnings: string[] = [];
  let starts = 0;
  const handle = new SinkHandle(
    () => ({
      name: 'own',
      type: 'module',
      settings: { module, settings: { mark: path.join(directory, 'mark') } },
      batch: { maxEvents: 1, maxBytes: 1000, maxAgeMs: 0 },
      timeoutMs: 1000,
      retryMaxAgeMs: null,
      node: 0,
      stateDirectory: path.join(directory, 'state'),
      tenants: [],
    }),
    0,
    () => {},
    {
      letters: async () => {},
      tenantRemoved: () => {},
      started: () => starts++,
      warn: (text) => warnings.push(text),
    },
    new DirectoryFeed(),
  );
  t.after(() => handle.stop());
  await eventually(() => handle.health.failures === 1, 'the crash');
  assert.equal(handle.health.lastError?.text, 'a defect');
  assert.match(warnings[0]!, /is started again: a defect/);
  await assert.rejects(handle.redrive([]), /started again/);
  await eventually(() => starts === 2, 'the next start');
  assert.equal(await handle.redrive([]), 0);
  await handle.stop();
  await assert.rejects(handle.redrive([]), /stopping/);
});
