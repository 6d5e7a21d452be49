import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { controlStoreContract } from '../contract.testing.ts';
import { openEmbedded } from './embedded.ts';

controlStoreContract('embedded', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-control-'));
  let store = openEmbedded(directory);
  t.after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = openEmbedded(directory);
      return store;
    },
  };
});

/** Writes pairs of keys for ever and prints each number once its two writes are acknowledged. */
const WRITER = `
  const { openEmbedded } = await import(process.argv[1]);
  const store = openEmbedded(process.argv[2]);
  for (let n = 1; ; n++) {
    await Promise.all([store.put('last', n), store.put('record/' + n, { n, filler: 'x'.repeat(n % 3000) })]);
    process.stdout.write(n + '\\n');
  }`;

test('embedded: after SIGKILL every acknowledged change is there and nothing is torn', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-control-'));
  t.after(() => rmSync(directory, { recursive: true }));
  let acknowledged = 0;
  for (let round = 0; round < 2; round++) {
    const module = new URL('embedded.ts', import.meta.url).href;
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, module, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    let lines = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (++lines === 25) child.kill('SIGKILL');
    }
    await exited;
    const store = openEmbedded(directory);
    const records = new Map([...store.list<{ n: number; filler: string }>('record/')].map((entry) => [entry.key, entry.value]));
    for (let n = 1; n <= acknowledged; n++) assert.equal(records.get(`record/${n}`)?.n, n);
    for (const value of records.values()) assert.equal(value.filler.length, value.n % 3000);
    assert.ok(store.get<number>('last')!.value >= acknowledged);
    assert.ok((await store.put('after', 1, null)) !== undefined);
    await store.delete('after');
    await store.close();
  }
});
