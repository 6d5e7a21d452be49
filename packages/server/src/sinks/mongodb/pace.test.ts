import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from './pace.ts';

/** A server that is quick about documents it has, and too slow for more than so many new ones in a command. */
function slowServer(most: number) {
  const there = new Set<number>();
  const insert = async (documents: readonly number[]): Promise<void> => {
    const fresh = documents.filter((one) => !there.has(one));
    if (fresh.length > most) throw new Error('timed out');
    for (const one of fresh) there.add(one);
    return Promise.resolve();
  };
  return { there, insert };
}

test('a batch that is tried again gets done, although its beginning is there already and its end takes long', async () => {
  for (const most of [1, 3, 19, 300]) {
    const { there, insert } = slowServer(most);
    await insert([0]);
    const batch = Array.from({ length: 1000 }, (_, i) => i);
    for (const one of batch.slice(0, 900)) there.add(one);
    const pace = new Pace();
    const attempt = async (): Promise<void> => {
      for (let from = 0; from < batch.length;) {
        const some = batch.slice(from, from + pace.documents);
        await pace.keep(async () => insert(some));
        from += some.length;
      }
      pace.done();
    };
    let tries = 1;
    while (
      !(await attempt().then(
        () => true,
        () => false,
      ))
    )
      assert.ok(tries++ < 10, `${most} at once: ${there.size} are there`);
    assert.equal(there.size, 1000);
  }
});

test('it grows again with what gets done', async () => {
  const pace = new Pace();
  for (let i = 0; i < 10; i++) await assert.rejects(pace.keep(async () => Promise.reject(new Error('timed out'))));
  assert.equal(pace.documents, 1);
  for (let i = 0; i < 10; i++) pace.done();
  assert.equal(pace.documents, 1000);
});
