import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ControlStore, ControlStoreChange } from './control-store.ts';

export interface StoreUnderTest {
  /** The store is closed after the test. */
  readonly store: ControlStore;
  /** Closes the store and opens what it left. */
  reopen(): Promise<ControlStore>;
}

/** What every control store must do; `open` gives an empty one. */
export function controlStoreContract(name: string, open: (t: TestContext) => StoreUnderTest): void {
  test(`${name}: a value comes back as it was written, with a version`, async (t) => {
    const { store } = open(t);
    const value = JSON.parse('{"a":[1,null,"é\\u0000"],"__proto__":{"x":1},"constructor":2}') as unknown;
    assert.equal(store.get('k'), undefined);
    const version = await store.put('k', value);
    assert.deepEqual(store.get('k'), { value, version });
    assert.notEqual(await store.put('k', 2), version);
    assert.equal(store.get('k')?.value, 2);
  });

  test(`${name}: put compares the version`, async (t) => {
    const { store } = open(t);
    const first = await store.put('k', 'a', null);
    assert.ok(first !== undefined);
    assert.equal(await store.put('k', 'b', null), undefined);
    assert.equal(await store.put('absent', 'b', first), undefined);
    const second = await store.put('k', 'b', first);
    assert.ok(second !== undefined);
    assert.equal(await store.put('k', 'c', first), undefined);
    assert.equal(store.get('k')?.value, 'b');
  });

  test(`${name}: of writers at the same time one wins, and the others can read what it wrote`, async (t) => {
    const { store } = open(t);
    const seen = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const version = await store.put('k', i, null);
        return { version, value: store.get<number>('k')?.value };
      }),
    );
    assert.equal(seen.filter((one) => one.version !== undefined).length, 1);
    assert.equal(new Set(seen.map((one) => one.value)).size, 1);
    assert.notEqual(seen[0]!.value, undefined);
  });

  test(`${name}: a counter that everybody raises loses no step`, async (t) => {
    const { store } = open(t);
    await store.put('n', 0);
    const raise = async (): Promise<void> => {
      for (;;) {
        const held = store.get<number>('n')!;
        if ((await store.put('n', held.value + 1, held.version)) !== undefined) return;
      }
    };
    await Promise.all(Array.from({ length: 25 }, raise));
    assert.equal(store.get('n')?.value, 25);
  });

  test(`${name}: delete compares the version and says whether there was something`, async (t) => {
    const { store } = open(t);
    assert.equal(await store.delete('k'), false);
    const version = (await store.put('k', 1))!;
    assert.equal(await store.delete('k', version + 1), false);
    assert.equal(await store.delete('k', version), true);
    assert.equal(store.get('k'), undefined);
    const again = await store.put('k', 1, null);
    assert.ok(again !== undefined && again !== version);
    assert.equal(await store.put('k', 2, version), undefined);
  });

  test(`${name}: list gives the keys of a prefix in the order of code points`, async (t) => {
    const { store } = open(t);
    const keys = ['a/', 'a/\u0000', 'a/B', 'a/b', 'a/b/c', 'a/é', 'a/\uffff', 'a/😀'];
    await Promise.all([...keys, 'a', 'b', 'a0'].map((key) => store.put(key, key)));
    assert.deepEqual(
      [...store.list('a/')].map((entry) => entry.key),
      keys,
    );
    assert.equal([...store.list('')].length, keys.length + 3);
    assert.deepEqual([...store.list('z')], []);
    for (const entry of store.list('a/')) assert.deepEqual(store.get(entry.key), { value: entry.value, version: entry.version });
  });

  test(`${name}: keys may be long; what cannot be a key is refused`, async (t) => {
    const { store } = open(t);
    const long = ['😀'.repeat(375), 'x'.repeat(1500)];
    for (const key of long) await store.put(key, key.length);
    for (const key of long) assert.equal(store.get(key)?.value, key.length);
    for (const key of ['', 'x'.repeat(1501), '\ud800']) {
      await assert.rejects(store.put(key, 1), RangeError);
      assert.throws(() => store.get(key), RangeError);
    }
    await assert.rejects(store.put('k', undefined), TypeError);
  });

  test(`${name}: watchers hear the changes of their prefix in order, before the writer goes on`, async (t) => {
    const { store } = open(t);
    const heard: ControlStoreChange[] = [];
    const end = store.watch('a/', (change) => heard.push(change));
    await Promise.all([
      store.put('a/1', { n: 1 }),
      store.put('b', 0),
      store.put('a/2', 2),
      store.put('a/1', { n: 3 }),
      store.delete('a/2'),
    ]);
    assert.deepEqual(heard, [
      { key: 'a/1', value: { n: 1 } },
      { key: 'a/2', value: 2 },
      { key: 'a/1', value: { n: 3 } },
      { key: 'a/2', value: undefined },
    ]);
    await store.put('a/1', 'x', null);
    end();
    await store.put('a/1', 'x');
    assert.equal(heard.length, 4);
  });

  test(`${name}: everything is there when it is opened again`, async (t) => {
    const under = open(t);
    const version = await under.store.put('k', { a: 1 });
    await under.store.put('gone', 1);
    await under.store.delete('gone');
    const store = await under.reopen();
    assert.deepEqual(store.get('k'), { value: { a: 1 }, version });
    assert.equal(store.get('gone'), undefined);
    assert.equal(await store.put('k', 2, (version ?? 0) + 1), undefined);
    const next = await store.put('k', 2, version);
    assert.ok(next !== undefined && next !== version);
  });
}
