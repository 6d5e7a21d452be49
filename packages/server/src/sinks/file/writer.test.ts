import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { temporaryDirectory } from '@meniscus/testkit';
import { RECEIVED, sinkBatch, type TestEvent } from '../document/documents.testing.ts';
import { WRITTEN, type SinkBatch, type SinkTenant, type SinkWriter } from '../writer.ts';
import { createWriter } from './writer.ts';

const DAY = 86_400e6;
const running = new AbortController().signal;

interface Fixture {
  readonly directory: string;
  readonly state: string;
  readonly warnings: string[];
  start: () => Promise<SinkWriter>;
}

/** Each start is another process: nothing is closed before. */
async function fixture(t: TestContext): Promise<Fixture> {
  const root = temporaryDirectory(t);
  const directory = join(root, 'archive');
  const state = join(root, 'state');
  const warnings: string[] = [];
  await mkdir(state);
  return {
    directory,
    state,
    warnings,
    start: async () => {
      const writer = createWriter(
        { directory },
        { name: 'archive', timeoutMs: 1000, stateDirectory: state, warn: (text) => warnings.push(text) },
      );
      t.after(() => writer.close());
      await writer.open(running);
      return writer;
    },
  };
}

const numbered = (from: number, to: number, event: TestEvent = {}): SinkBatch =>
  sinkBatch(
    Array.from({ length: to - from }, (_, i) => ({ ...event, msg: String(from + i) })),
    from,
  );

const messages = async (file: string): Promise<string[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { msg: string }).msg);

const range = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => String(from + i));

suite('the file sink', () => {
  test('writes a document a line, by tenant and day received', async (t) => {
    const { directory, start } = await fixture(t);
    const writer = await start();
    const tenant = (id: string): SinkTenant => ({ number: 2, id, name: id, retentionDays: 1 });
    const events: TestEvent[] = [
      { msg: 'a' },
      { msg: 'b', received: RECEIVED + DAY, time: RECEIVED },
      { msg: 'line\nbreak', tenant: tenant('../up') },
      { msg: 'c', tenant: tenant('Acme') },
      { msg: 'd' },
    ];
    const batch = sinkBatch(events);
    assert.deepEqual(await writer.write(batch, running), WRITTEN);
    assert.equal(await readFile(join(directory, 'acme/2026-11-23.ndjson'), 'utf8'), `${batch.document(0)}\n${batch.document(4)}\n`);
    assert.deepEqual(await messages(join(directory, 'acme/2026-11-24.ndjson')), ['b']);
    const others = (await readdir(directory)).filter((name) => name !== 'acme');
    assert.equal(others.length, 2);
    for (const name of others) assert.match(name, /^\.[0-9a-f]{40}$/);
    const all = await Promise.all(others.map((name) => messages(join(directory, name, '2026-11-23.ndjson'))));
    assert.deepEqual(all.flat().sort(), ['c', 'line\nbreak']);
  });

  test('writes nothing twice that comes again, also after a start and in other batches', async (t) => {
    const { directory, start } = await fixture(t);
    const file = join(directory, 'acme/2026-11-23.ndjson');
    const first = await start();
    await first.write(numbered(0, 10), running);
    await first.write(numbered(10, 20), running);
    await first.write(numbered(5, 15), running);
    const second = await start();
    await second.write(numbered(0, 7), running);
    await second.write(numbered(7, 25), running);
    assert.deepEqual(await messages(file), range(0, 25));
  });

  test('writes an event that was left out once it comes: a dead letter sent again', async (t) => {
    const { directory, start } = await fixture(t);
    const first = await start();
    const batch = numbered(0, 10);
    await first.write(batch.select([0, 1, 2, 4, 5, 6, 7, 8, 9]), running);
    await first.write(numbered(10, 12), running);
    const second = await start();
    await second.write(batch.select([3]), running);
    await second.write(batch.select([3]), running);
    assert.deepEqual(await messages(join(directory, 'acme/2026-11-23.ndjson')), [
      '0',
      '1',
      '2',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
      '3',
    ]);
  });

  test('cuts off what a batch left that was killed at any byte', async (t) => {
    const { directory, state, start } = await fixture(t);
    const file = join(directory, 'acme/2026-11-23.ndjson');
    const first = await start();
    await first.write(numbered(0, 3), running);
    const { size } = await stat(file);
    const done = await readFile(join(state, 'done.json'));
    await first.write(numbered(3, 5), running);
    const whole = await readFile(file);
    for (const length of [size, size + 1, whole.indexOf(0x0a, size) + 1, whole.length - 1, whole.length]) {
      await writeFile(join(state, 'done.json'), done);
      await writeFile(file, whole.subarray(0, length));
      const next = await start();
      assert.equal((await stat(file)).size, size);
      await next.write(numbered(3, 5), running);
      assert.deepEqual(await messages(file), range(0, 5));
    }
  });

  test('leaves alone what an older copy of its state knows nothing of, but for half a line', async (t) => {
    const { directory, state, warnings, start } = await fixture(t);
    const file = join(directory, 'acme/2026-11-23.ndjson');
    const first = await start();
    await first.write(numbered(0, 3), running);
    const done = await readFile(join(state, 'done.json'));
    const intent = await readFile(join(state, 'intent.json'));
    await first.write(numbered(3, 6), running);
    await first.write(numbered(6, 9), running);
    await writeFile(join(state, 'done.json'), done);
    await writeFile(join(state, 'intent.json'), intent);
    await appendFile(file, '{"msg":"ha');
    const second = await start();
    assert.deepEqual(await messages(file), range(0, 9));
    assert.equal(warnings.length, 1);
    await second.write(numbered(9, 10), running);
    assert.deepEqual(await messages(file), range(0, 10));
  });

  test('tries a batch again after an error of the disk, whole', async (t) => {
    const { directory, start } = await fixture(t);
    const writer = await start();
    await writer.write(numbered(0, 2), running);
    await mkdir(join(directory, 'acme/2026-11-24.ndjson'));
    const mixed = sinkBatch([{ msg: '2' }, { msg: '3', received: RECEIVED + DAY }], 2);
    await assert.rejects(writer.write(mixed, running), { code: 'EISDIR' });
    await rm(join(directory, 'acme/2026-11-24.ndjson'), { recursive: true });
    await writer.open(running);
    await writer.write(mixed, running);
    assert.deepEqual(await messages(join(directory, 'acme/2026-11-23.ndjson')), ['0', '1', '2']);
    assert.deepEqual(await messages(join(directory, 'acme/2026-11-24.ndjson')), ['3']);
  });

  test('goes on in a new file when the old one was moved away, removed or emptied', async (t) => {
    const { directory, start } = await fixture(t);
    const file = join(directory, 'acme/2026-11-23.ndjson');
    const writer = await start();
    await writer.write(numbered(0, 2), running);
    await rename(file, `${file}.1`);
    await writer.write(numbered(2, 4), running);
    assert.deepEqual(await messages(`${file}.1`), range(0, 2));
    assert.deepEqual(await messages(file), range(2, 4));
    await truncate(file);
    await writer.write(numbered(4, 5), running);
    assert.deepEqual(await messages(file), ['4']);
    await rm(join(directory, 'acme'), { recursive: true });
    await writer.write(numbered(5, 6), running);
    assert.deepEqual(await messages(file), ['5']);
  });

  test('writes to more files than it keeps open', async (t) => {
    const { directory, start } = await fixture(t);
    const writer = await start();
    const events = Array.from({ length: 300 }, (_, i) => ({
      msg: `m${i}`,
      tenant: { number: i, id: `t${i}`, name: '', retentionDays: 1 },
    }));
    for (const position of [0, 300]) await writer.write(sinkBatch(events, position), running);
    for (const i of [0, 150, 299]) assert.deepEqual(await messages(join(directory, `t${i}/2026-11-23.ndjson`)), [`m${i}`, `m${i}`]);
  });

  test('is checked without making anything', async (t) => {
    const root = temporaryDirectory(t);
    const context = { name: 'archive', timeoutMs: 1000, stateDirectory: root, warn: assert.fail };
    await createWriter({ directory: join(root, 'a/b') }, context).check!(running);
    assert.deepEqual(await readdir(root), []);
    await writeFile(join(root, 'a'), '');
    await assert.rejects(createWriter({ directory: join(root, 'a/b') }, context).check!(running), { code: 'ENOTDIR' });
    await assert.rejects(createWriter({ directory: join(root, 'a') }, context).check!(running), /a is no directory/);
  });

  test('says what to do when its state cannot be read', async (t) => {
    const { state, start } = await fixture(t);
    await writeFile(join(state, 'done.json'), '{');
    await assert.rejects(start(), /cannot read .*done\.json: .*remove it/);
  });
});
