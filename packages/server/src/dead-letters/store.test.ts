import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { DeadLetter } from './dead-letters.ts';
import { openDeadLetters } from './store.ts';
import type { StoredDeadLetters } from './store.ts';

const NOW = Date.parse('2026-11-23T10:00:00.123Z');
const small = { perTenant: 5, bytesPerTenant: 2_000, documentBytes: 4 << 20, rawBytes: 100 };

interface Fixture {
  letters: StoredDeadLetters;
  now: number;
  reopen(): Promise<void>;
}

function start(t: TestContext, limits = small): Fixture {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-letters-'));
  const open = (): StoredDeadLetters => openDeadLetters(directory, { limits, now: () => fixture.now });
  const fixture = { now: NOW } as Fixture;
  fixture.letters = open();
  fixture.reopen = async () => {
    await fixture.letters.close();
    fixture.letters = open();
  };
  t.after(async () => {
    await fixture.letters.close();
    rmSync(directory, { recursive: true });
  });
  return fixture;
}

function letter(tenant: number | null, raw: string | Uint8Array, reason = 'unparsable') {
  return { tenant, reason, text: 'No.', source: 'syslog 10.0.0.1', raw: Buffer.from(raw as string) };
}

function raws(letters: StoredDeadLetters, tenant: number | null, reason?: string): string[] {
  return all(letters, tenant, reason).map((one) => one.raw);
}

function all(letters: StoredDeadLetters, tenant: number | null, reason?: string): readonly DeadLetter[] {
  return letters.list(tenant, { limit: 1000, ...(reason === undefined ? {} : { reason }) }).deadLetters;
}

test('a dead letter comes back whole, also after a restart', async (t) => {
  const fixture = start(t);
  await fixture.letters.add([{ ...letter(7, 'raw\0 text é'), sink: 'archive' }, letter(null, Uint8Array.of(0xff, 0x00))]);
  const check = (): void => {
    const [mine] = all(fixture.letters, 7);
    assert.match(mine!.id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(mine, {
      id: mine!.id,
      time: '2026-11-23T10:00:00.123Z',
      reason: 'unparsable',
      text: 'No.',
      source: 'syslog 10.0.0.1',
      sink: 'archive',
      raw: 'raw\0 text é',
      encoding: 'utf8',
    });
    assert.deepEqual(fixture.letters.get(7, mine!.id), mine);
    const [operators] = all(fixture.letters, null);
    assert.deepEqual([operators!.raw, operators!.encoding, operators!.sink], ['/wA=', 'base64', null]);
    assert.deepEqual(fixture.letters.stats(), { kept: 2, dropped: 0 });
  };
  check();
  await fixture.reopen();
  check();
});

test('nobody sees the letters of another', async (t) => {
  const { letters } = start(t);
  await letters.add([letter(1, 'one'), letter(2, 'two'), letter(256, 'far'), letter(null, 'operator')]);
  for (const [tenant, raw] of [[1, 'one'], [2, 'two'], [256, 'far'], [null, 'operator']] as const) assert.deepEqual(raws(letters, tenant), [raw]); // prettier-ignore
  const { id } = all(letters, 1)[0]!;
  assert.equal(letters.get(2, id), undefined);
  assert.equal(await letters.delete(2, { ids: [id] }), 0);
  assert.equal(await letters.delete(3, {}), 0);
  assert.equal(letters.stats().kept, 4);
});

test('pages, newest first, neither skip nor repeat', async (t) => {
  const fixture = start(t, { ...small, perTenant: 100 });
  for (let i = 0; i < 10; i++) {
    await fixture.letters.add([letter(1, `a${i}`, 'x'), letter(1, `b${i}`, 'y')]);
    // The clock is set back half-way: the order of arrival stays.
    fixture.now += i === 5 ? -10_000 : i % 2;
  }
  const seen: DeadLetter[] = [];
  let cursor: string | null | undefined;
  do {
    const page = fixture.letters.list(1, { limit: 3, reason: 'x', ...(cursor ? { cursor } : {}) });
    seen.push(...page.deadLetters);
    cursor = page.next;
  } while (cursor !== null);
  assert.deepEqual(
    seen.map((one) => one.raw),
    ['a9', 'a8', 'a7', 'a6', 'a5', 'a4', 'a3', 'a2', 'a1', 'a0'],
  );
  const ids = all(fixture.letters, 1).map((one) => one.id);
  assert.deepEqual([...ids].sort().reverse(), ids);
  assert.equal(fixture.letters.list(1, { limit: 20 }).next, null);
  for (const bad of ['', 'x', '../..', '0'])
    assert.throws(() => fixture.letters.list(1, { limit: 1, cursor: bad }), { code: 'bad_cursor' });
});

test('the oldest goes when a tenant has too many, and is counted', async (t) => {
  const fixture = start(t);
  for (let i = 0; i < 8; i++) await fixture.letters.add([letter(1, `${i}`)]);
  await fixture.letters.add([letter(2, 'other')]);
  assert.deepEqual(raws(fixture.letters, 1), ['7', '6', '5', '4', '3']);
  assert.deepEqual(fixture.letters.stats(), { kept: 6, dropped: 3 });
  await fixture.reopen();
  await fixture.letters.add(Array.from({ length: 20 }, (_, i) => letter(1, `n${i}`)));
  assert.deepEqual(raws(fixture.letters, 1), ['n19', 'n18', 'n17', 'n16', 'n15']);
  assert.deepEqual(raws(fixture.letters, 2), ['other']);
  assert.deepEqual(fixture.letters.stats(), { kept: 6, dropped: 20 });
});

test('the oldest goes when a tenant has too many bytes', async (t) => {
  const { letters } = start(t, { perTenant: 1000, bytesPerTenant: 1000, documentBytes: 4 << 20, rawBytes: 900 });
  for (let i = 0; i < 10; i++) await letters.add([letter(1, `${i}`.repeat(300))]);
  const kept = raws(letters, 1).map((raw) => raw[0]);
  assert.ok(kept.length >= 1 && kept.length <= 3);
  assert.deepEqual(kept, ['9', '8', '7'].slice(0, kept.length));
  assert.deepEqual(letters.stats(), { kept: kept.length, dropped: 10 - kept.length });
});

test('long raw bytes are cut between characters and say so', async (t) => {
  const { letters } = start(t);
  await letters.add([letter(1, 'é'.repeat(60)), letter(1, `a${'é'.repeat(60)}`), letter(1, Buffer.alloc(200, 0x80))]);
  const [bytes, odd, even] = all(letters, 1);
  assert.equal(even!.raw, 'é'.repeat(50));
  assert.equal(even!.text, 'No. (kept: the first 100 of 120 bytes)');
  assert.equal(odd!.raw, `a${'é'.repeat(49)}`);
  assert.equal(Buffer.from(bytes!.raw, 'base64').length, 100);
});

test('letters are deleted by id, by reason, or all', async (t) => {
  const fixture = start(t, { ...small, perTenant: 100 });
  const { letters } = fixture;
  await letters.add('abcdef'.split('').map((raw, i) => letter(1, raw, i % 2 ? 'odd' : 'even')));
  const [f, e] = all(letters, 1);
  assert.equal(await letters.delete(1, { ids: [f!.id, f!.id, f!.id.toUpperCase(), 'x', ''] }), 1);
  assert.equal(letters.get(1, f!.id), undefined);
  assert.equal(await letters.delete(1, { ids: [e!.id], reason: 'odd' }), 0);
  assert.equal(await letters.delete(1, { ids: [] }), 0);
  assert.equal(await letters.delete(1, { reason: 'odd' }), 2);
  assert.deepEqual(raws(letters, 1), ['e', 'c', 'a']);
  await letters.add([letter(2, 'other')]);
  assert.equal(await letters.delete(1, {}), 3);
  assert.deepEqual(letters.stats(), { kept: 1, dropped: 0 });
  await letters.drop(2);
  await fixture.reopen();
  assert.deepEqual(fixture.letters.stats(), { kept: 0, dropped: 0 });
});

test('what belongs to no living tenant can be removed', async (t) => {
  const { letters } = start(t);
  await letters.add([letter(1, 'a'), letter(2, 'b'), letter(null, 'c')]);
  await letters.retain(new Set([2]));
  assert.deepEqual([raws(letters, 1), raws(letters, 2), raws(letters, null)], [[], ['b'], ['c']]);
});

test('many at the same time: none is lost and the sums are right', async (t) => {
  const fixture = start(t, { ...small, perTenant: 1000, bytesPerTenant: 1e6 });
  const { letters } = fixture;
  await Promise.all([
    ...Array.from({ length: 200 }, async (_, i) => await letters.add([letter(1 + (i % 3), `${i}`), letter(null, `${i}`)])),
    letters.delete(9, {}),
  ]);
  assert.equal(letters.stats().kept, 400);
  await fixture.reopen();
  assert.equal(fixture.letters.stats().kept, 400);
  assert.deepEqual(
    [1, 2, 3, null].map((tenant) => all(fixture.letters, tenant).length),
    [67, 67, 66, 200],
  );
});

const WRITER = `
  const { openDeadLetters } = await import(process.argv[1]);
  const letters = openDeadLetters(process.argv[2], { limits: { perTenant: 40, bytesPerTenant: 1e6, documentBytes: 4 << 20, rawBytes: 1e4 } });
  for (let n = 1; ; n++) {
    await letters.add(Array.from({ length: 3 }, () => ({ tenant: 1 + (n % 2), reason: 'r', text: '', source: '', raw: Buffer.alloc(n % 500, 97) })));
    process.stdout.write(n + '\\n');
  }`;

test('after SIGKILL the newest are there and the sums agree with what is', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-letters-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const module = new URL('store.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, module, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let last = 0;
  for await (const line of createInterface({ input: child.stdout })) if ((last = Number(line)) === 40) child.kill('SIGKILL');
  await exited;
  const letters = openDeadLetters(directory, { limits: { perTenant: 40, bytesPerTenant: 1e6, documentBytes: 4 << 20, rawBytes: 1e4 } });
  const counts = [1, 2].map((tenant) => all(letters, tenant).length);
  assert.deepEqual(counts, [40, 40]);
  assert.equal(letters.stats().kept, 80);
  assert.ok(all(letters, 1 + (last % 2)).some((one) => one.raw.length === last % 500));
  assert.equal((await letters.delete(1, {})) + (await letters.delete(2, {})), 80);
  assert.equal(letters.stats().kept, 0);
  await letters.close();
});

test("a sink's letters are listed and deleted by its name, and their documents kept whole", async (t) => {
  const { letters } = start(t, { ...small, bytesPerTenant: 1 << 20 });
  const document = Buffer.from(JSON.stringify({ msg: 'x'.repeat(100_000) }));
  const of = (sink: string) => ({ tenant: 1, reason: 'refused', text: 'no', source: 'event x', sink, raw: document });
  await letters.add([of('elasticsearch'), of('mongodb'), letter(1, 'not of a sink')]);
  const list = (filter: { reason?: string; sink?: string }): unknown[] =>
    letters.list(1, { limit: 10, ...filter }).deadLetters.map(({ sink }) => sink);
  assert.deepEqual(list({ sink: 'mongodb' }), ['mongodb']);
  assert.deepEqual(list({ sink: 'mongodb', reason: 'expired' }), []);
  assert.equal(letters.list(1, { limit: 10, sink: 'mongodb' }).deadLetters[0]!.raw, document.toString());
  assert.equal(await letters.delete(1, { sink: 'elasticsearch' }), 1);
  assert.equal(list({}).length, 2);
});
