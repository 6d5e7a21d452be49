import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Server } from '@meniscus/testkit';
import { sinkBatch, type TestEvent } from '../../../packages/server/src/sinks/document/documents.testing.ts';
import { WRITTEN } from '../../../packages/server/src/sinks/writer.ts';
import { running } from '../../support/sinks.ts';
import { ask, find, opened, settingsFor, writerFor } from './cluster.ts';
import { limitedProxy } from './proxy.ts';

const DAY = '2026.11.23';
const MEGABYTE = 1 << 20;

/** What is refused for good, what is tried again, and that the rest goes on. */
export async function refusals(t: TestContext, { url }: Server): Promise<void> {
  await t.test('the same batch again doubles nothing', async (t) => {
    const writer = await opened(t, url);
    const batch = sinkBatch(Array.from({ length: 50 }, (_, i) => ({ msg: `m${i}` })));
    assert.deepEqual(await writer.write(batch.select([0, 1, 2]), running), WRITTEN);
    assert.deepEqual(await writer.write(batch, running), WRITTEN);
    await writer.open(running);
    assert.deepEqual(await writer.write(batch, running), WRITTEN);
    assert.equal((await find(url, `${writer.prefix}-acme`)).length, 50);
  });

  await t.test('an event that the mapping of an index cannot hold is refused with the words of the server', async (t) => {
    const settings = settingsFor(url);
    const index = `${settings.prefix}-acme-${DAY}`;
    const made = await ask(url, 'PUT', `/${index}`, { mappings: { properties: { msg: { type: 'long' } } } });
    assert.equal(made.status, 200);
    const writer = await opened(t, url, settings);
    const { refused, again } = await writer.write(sinkBatch([{ msg: '5' }, { msg: 'five' }, { msg: '6' }]), running);
    assert.deepEqual(again, []);
    assert.deepEqual(
      refused.map(({ row }) => row),
      [1],
    );
    assert.match(refused[0]!.text, /parsing_exception: .*msg.*; caused by illegal_argument_exception: .*five/);
    assert.equal((await find(url, `${writer.prefix}-acme`)).length, 2);
  });

  await t.test('long words and values are stored', async (t) => {
    const writer = await opened(t, url);
    const long = 'x'.repeat(70_000);
    const wide = '磁'.repeat(40_000);
    const batch = sinkBatch([{ host: long, pname: wide, msg: long, native: { [long.slice(0, 40_000)]: wide, a: long, b: `${long} y` } }]);
    assert.deepEqual(await writer.write(batch, running), WRITTEN);
    assert.deepEqual((await find(url, `${writer.prefix}-acme`))[0]?._source, JSON.parse(batch.document(0)));
    assert.equal((await find(url, `${writer.prefix}-acme`, { match: { 'search.text': 'y' } })).length, 1);
  });

  await t.test('an event above the limit of a request is refused alone, whoever sets the limit', async (t) => {
    const events: TestEvent[] = Array.from({ length: 40 }, (_, i) => ({ msg: `${i} ${'m'.repeat(MEGABYTE / 4)}` }));
    events[7] = { msg: 'm'.repeat(5 * MEGABYTE) };
    const proxy = await limitedProxy(t, url, 2 * MEGABYTE);
    for (const target of [url, proxy]) {
      const writer = await opened(t, target);
      const { refused, again } = await writer.write(sinkBatch(events), running);
      assert.deepEqual(again, []);
      assert.deepEqual(
        refused.map(({ row }) => row),
        [7],
      );
      assert.match(refused[0]!.text, /too large/);
      assert.equal((await find(url, `${writer.prefix}-acme`)).length, 39);
    }
  });
}

/** Indexes and clusters that take nothing for now, or in another way. */
export async function blocks(t: TestContext, { url }: Server): Promise<void> {
  await t.test('a blocked index is tried again, others are written', async (t) => {
    const writer = await opened(t, url);
    const other = { id: 'other', number: 2, name: 'Other', retentionDays: 1 };
    await writer.write(sinkBatch([{ msg: 'first' }]), running);
    const index = `${writer.prefix}-acme-${DAY}`;
    await ask(url, 'PUT', `/${index}/_settings`, { 'index.blocks.write': true });
    const batch = sinkBatch([{ msg: 'a' }, { msg: 'b', tenant: other }, { msg: 'c' }], 100);
    const { refused, again, error } = await writer.write(batch, running);
    assert.deepEqual(refused, []);
    assert.deepEqual(again, [0, 2]);
    assert.match(error!, /403 cluster_block_exception: .*blocked/);
    assert.equal((await find(url, `${writer.prefix}-other`)).length, 1);
    await ask(url, 'PUT', `/${index}/_settings`, { 'index.blocks.write': null });
    assert.deepEqual(await writer.write(batch.select(again), running), WRITTEN);
    assert.equal((await find(url, `${writer.prefix}-acme`)).length, 3);
  });

  await t.test('a closed index is tried again', async (t) => {
    const writer = await opened(t, url);
    await writer.write(sinkBatch([{ msg: 'first' }]), running);
    const index = `${writer.prefix}-acme-${DAY}`;
    await ask(url, 'POST', `/${index}/_close`);
    assert.deepEqual((await writer.write(sinkBatch([{}], 1), running)).again, [0]);
    await ask(url, 'POST', `/${index}/_open`);
    assert.deepEqual(await writer.write(sinkBatch([{}], 1), running), WRITTEN);
  });

  await t.test('a cluster that is read-only is an error, and then it goes on', async (t) => {
    const writer = await opened(t, url);
    await ask(url, 'PUT', '/_cluster/settings', { persistent: { 'cluster.blocks.read_only': true } });
    try {
      await assert.rejects(writer.write(sinkBatch([{}]), running), /cluster_block_exception/);
      await assert.rejects(writer.open(running), /cannot put the index template .*403/);
    } finally {
      await ask(url, 'PUT', '/_cluster/settings', { persistent: { 'cluster.blocks.read_only': null } });
    }
    await writer.open(running);
    assert.deepEqual(await writer.write(sinkBatch([{}]), running), WRITTEN);
  });

  await t.test('an index that somebody deletes is made again in its alias, if not at once', async (t) => {
    const writer = await opened(t, url);
    await writer.write(sinkBatch([{}]), running);
    await ask(url, 'DELETE', `/${writer.prefix}-acme-${DAY}`);
    await writer.write(sinkBatch([{}], 1), running);
    await writer.retain!([], running);
    await writer.write(sinkBatch([{}], 2), running);
    assert.equal((await find(url, `${writer.prefix}-acme`)).length, 2);
  });

  await t.test('gzip', async (t) => {
    const writer = await opened(t, url, { compression: 'gzip' });
    assert.deepEqual(await writer.write(sinkBatch([{ msg: 'm'.repeat(10_000) }]), running), WRITTEN);
    assert.equal((await find(url, `${writer.prefix}-acme`)).length, 1);
  });

  await t.test('a mapping that the index refuses costs no event', async (t) => {
    const settings = settingsFor(url);
    const index = `${settings.prefix}-acme-${DAY}`;
    const made = await ask(url, 'PUT', `/${index}`, { settings: { 'index.mapping.total_fields.limit': 5 }, mappings: { dynamic: false } });
    assert.equal(made.status, 200);
    const writer = writerFor(t, settings);
    // The index is there before the template, so it has a mapping of its own.
    await writer.open(running);
    assert.deepEqual(await writer.write(sinkBatch([{ native: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 } }]), running), WRITTEN);
    assert.equal(writer.warnings.length, 1);
    assert.deepEqual(await writer.write(sinkBatch([{ native: { g: 1 } }], 1), running), WRITTEN);
    assert.equal(writer.warnings.length, 1);
    assert.equal((await find(url, `${writer.prefix}-acme`)).length, 2);
  });
}
