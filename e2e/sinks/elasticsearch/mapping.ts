import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Server } from '@meniscus/testkit';
import { NumberText } from '../../../packages/server/src/event/leaf.ts';
import { ACME, RECEIVED, sinkBatch } from '../../../packages/server/src/sinks/document/documents.testing.ts';
import { FIELDS } from '../../../packages/server/src/sinks/elasticsearch/fields/fields.ts';
import { fieldWord, kindTerm, numberTerm, valueTerm } from '../../../packages/server/src/sinks/elasticsearch/fields/terms.ts';
import { WRITTEN } from '../../../packages/server/src/sinks/writer.ts';
import { running } from '../../support/sinks.ts';
import { ask, find, indexesOf, opened } from './cluster.ts';

const DAY = '2026.11.23';

/** What is stored, how it is mapped, and what people find by it. */
export async function mapping(t: TestContext, { url }: Server): Promise<void> {
  await t.test('a document is stored exactly, under its id, in the index of its tenant and day', async (t) => {
    const writer = await opened(t, url);
    const native = {
      a: { b: [1, 'x', null, true, [[2], {}]] },
      'dotted.key': 1.5,
      '': { '': 1 },
      empty: {},
      big: new NumberText('12345678901234567890'),
      '..': 'x',
      __proto__x: -0.1,
      small: 5e-324,
      large: 1.7976931348623157e308,
    };
    const full = {
      host: 'Web-01',
      pname: 'sshd',
      pid: '812',
      msgid: 'ID',
      severity: 6,
      facility: 4,
      ver: 1,
      msg: 'Fail "x"\n\u0000 ü 🚀',
      native,
    };
    const batch = sinkBatch([full, {}, { native: { a: 'text now' } }, { native: { a: [{ b: { c: 1 } }] } }]);
    assert.deepEqual(await writer.write(batch, running), WRITTEN);
    const hits = await find(url, `${writer.prefix}-acme`);
    assert.equal(hits.length, batch.rows);
    for (let row = 0; row < batch.rows; row++) {
      const hit = hits.find(({ _id }) => _id === batch.id(row));
      assert.deepEqual(hit?._source, JSON.parse(batch.document(row)));
      assert.equal(hit?._index, `${writer.prefix}-acme-${DAY}`);
    }
    assert.deepEqual(await indexesOf(url, `${writer.prefix}-acme`), [`${writer.prefix}-acme-${DAY}`]);
    const raw = await (await fetch(`${url}/${writer.prefix}-acme-${DAY}/_source/${batch.id(0)}`)).text();
    assert.match(raw, /12345678901234567890/);
  });

  await t.test('people find what they expect in the fields', async (t) => {
    const writer = await opened(t, url);
    const alias = `${writer.prefix}-acme`;
    const one = {
      host: 'Web-01',
      msg: 'Σίσυφος failed: user_1',
      native: { http: { status: 500 }, user: 'Bob Builder' },
      severity: 3,
      facility: 4,
    };
    await writer.write(sinkBatch([one, { host: 'web-01', native: { http: { status: '404' }, user: 7 } }]), running);
    const numbers = async (query: object): Promise<number> => (await find(url, alias, query)).length;
    assert.equal(await numbers({ term: { host: 'Web-01' } }), 1);
    assert.equal(await numbers({ term: { 'host.folded': 'WEB-01' } }), 2);
    assert.equal(await numbers({ match_phrase: { 'host.words': 'web 01' } }), 2);
    assert.equal(await numbers({ range: { 'native.http.status': { gte: 500 } } }), 1);
    assert.equal(await numbers({ range: { 'native.http.status': { gte: 400 } } }), 2);
    assert.equal(await numbers({ term: { 'native.user': 'Bob Builder' } }), 1);
    assert.equal(await numbers({ term: { 'native.user': '7' } }), 1);
    assert.equal(await numbers({ match: { msg: 'σίσυφοσ' } }), 1);
    assert.equal(await numbers({ match: { msg: 'user' } }), 0);
    assert.equal(await numbers({ range: { severity: { lte: 3 } } }), 1);
    assert.equal(await numbers({ range: { pri: { gte: 35, lte: 35 } } }), 1);
    assert.equal(await numbers({ term: { 'meniscus.tenant': 'acme' } }), 2);
    assert.equal(await numbers({ range: { '@timestamp': { gte: '2026-11-23T10:00:00.123456Z', lte: '2026-11-23T10:00:00.123456Z' } } }), 2);
    assert.equal(await numbers({ range: { '@timestamp': { gt: '2026-11-23T10:00:00.123456Z' } } }), 0);
    assert.equal(await numbers({ range: { [FIELDS.received]: { gte: RECEIVED, lte: RECEIVED } } }), 2);
  });
}

/** What only searches use. */
export async function indexOnlyFields(t: TestContext, { url }: Server): Promise<void> {
  await t.test('the index-only fields hold what searches look for', async (t) => {
    const writer = await opened(t, url);
    const alias = `${writer.prefix}-acme`;
    await writer.write(sinkBatch([{ host: 'h', native: { User: 'Bob the Builder', tags: ['one two', 'three'], n: '007' } }]), running);
    const finds = async (query: object, count = 1): Promise<void> =>
      assert.equal((await find(url, alias, query)).length, count, JSON.stringify(query));
    await finds({ term: { [FIELDS.values]: valueTerm('native.User', 'Bob the Builder') } });
    await finds({ term: { [FIELDS.values]: valueTerm('native.user', 'Bob the Builder') } }, 0);
    await finds({ wildcard: { [FIELDS.folded]: `${valueTerm('native.User', '')}bob*` } });
    await finds({ match_phrase: { [FIELDS.words]: 'the builder' } });
    await finds({ match_phrase: { [FIELDS.words]: 'two three' } }, 0);
    await finds({ term: { [FIELDS.words]: 'native' } }, 0);
    await finds({ match_phrase: { [FIELDS.fieldWords]: `${fieldWord('native.User', 'the')} ${fieldWord('native.User', 'builder')}` } });
    await finds({ match_phrase: { [FIELDS.fieldWords]: `${fieldWord('native.tags', 'two')} ${fieldWord('native.tags', 'three')}` } }, 0);
    await finds({ term: { [FIELDS.numbers]: numberTerm('native.n', 7) } });
    await finds({ term: { [FIELDS.names]: kindTerm('native.User', 's') } });
  });

  await t.test('times of any year are stored, and exact in search.time', async (t) => {
    const writer = await opened(t, url);
    const years = [0, 1, 1969, 1970, 2262, 2263, 9999];
    const times = years.map((year) => new Date(0).setUTCFullYear(year, 5, 1) * 1000 + 123_457);
    assert.deepEqual(await writer.write(sinkBatch(times.map((time) => ({ time }))), running), WRITTEN);
    for (const time of times) assert.equal((await find(url, `${writer.prefix}-acme`, { term: { [FIELDS.time]: time } })).length, 1);
  });
}

/** Names of fields, indexes and tenants. */
export async function names(t: TestContext, { url }: Server): Promise<void> {
  await t.test('ten thousand names of fields do not make the mapping grow beyond the cap', async (t) => {
    const writer = await opened(t, url, { mapped_fields_max: 50 });
    const many = (from: number): object => Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`f${from + i}`, i]));
    for (let from = 0; from < 10_000; from += 2_000) {
      const batch = sinkBatch([{ native: many(from) }, { native: { deep: many(from + 1_000) } }], from);
      assert.deepEqual(await writer.write(batch, running), WRITTEN);
    }
    const index = `${writer.prefix}-acme-${DAY}`;
    const { body } = await ask(url, 'GET', `/${index}/_mapping`);
    const { native, search } = (body[index] as { mappings: { properties: Record<string, { properties: object }> } }).mappings.properties;
    assert.equal(Object.keys(native!.properties).length, 50);
    assert.equal(Object.keys((search!.properties as { mapped: { properties: object } }).mapped.properties).length, 50);
    assert.equal((await find(url, index, { range: { 'native.f7': { gte: 7, lte: 7 } } })).length, 1);
    assert.equal((await find(url, index, { term: { [FIELDS.numbers]: numberTerm('native.deep.f9999', 999) } })).length, 1);
    assert.deepEqual(writer.warnings, []);
  });

  await t.test('the next day has the names of the last; a writer that comes later knows them', async (t) => {
    const writer = await opened(t, url, { mapped_fields_max: 3 });
    await writer.write(sinkBatch([{ native: { a: 1, b: 'x' } }]), running);
    await writer.write(sinkBatch([{ received: RECEIVED + 86_400e6 }], 10), running);
    const later = await opened(t, url, { mapped_fields_max: 3, prefix: writer.prefix });
    await later.write(sinkBatch([{ native: { a: '5', c: 1, d: 1 } }], 20), running);
    for (const day of [DAY, '2026.11.24']) {
      const index = `${writer.prefix}-acme-${day}`;
      const { body } = await ask(url, 'GET', `/${index}/_mapping`);
      const { native } = (body[index] as { mappings: { properties: Record<string, { properties: object }> } }).mappings.properties;
      assert.deepEqual(Object.keys(native!.properties).sort(), day === DAY ? ['a', 'b', 'c'] : ['a', 'b']);
    }
    assert.equal((await find(url, `${writer.prefix}-acme`, { range: { 'native.a': { gte: 5 } } })).length, 1);
  });

  await t.test('unusual tenant ids have names of their own', async (t) => {
    const writer = await opened(t, url);
    const ids = ['a*', '*', 'A', 'a-b', '..', '../x', 'ü', 'a,b', 'x'.repeat(200), '_all', '0', ' ', 'a"b\n'];
    const tenants = ids.map((id, i) => ({ ...ACME, number: i + 10, id }));
    assert.deepEqual(await writer.write(sinkBatch(tenants.map((tenant) => ({ tenant, msg: tenant.id }))), running), WRITTEN);
    const all = await find(url, `${writer.prefix}-*`);
    assert.deepEqual(all.map(({ _source }) => (_source['meniscus'] as { tenant: string }).tenant).sort(), ids.toSorted());
    assert.equal(new Set(all.map(({ _index }) => _index)).size, ids.length);
  });
}
