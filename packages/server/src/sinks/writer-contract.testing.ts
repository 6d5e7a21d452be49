import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { NumberText } from '../event/leaf.ts';
import { ACME, RECEIVED, sinkBatch, type TestEvent } from './document/documents.testing.ts';
import { KeptDocuments } from './document/kept-documents.ts';
import type { SinkBatch, SinkWriter } from './writer.ts';

/** An event as it is found where a sink put it. */
export interface Found {
  readonly tenant: string;
  readonly id: string;
  readonly msg: string;
}

/** A document as it is found; what does not hold documents tells it by itself. */
export interface FoundDocument {
  readonly msg: string;
  readonly meniscus: { readonly tenant: string; readonly id: string };
}

export function foundOf({ msg, meniscus }: FoundDocument): Found {
  return { tenant: meniscus.tenant, id: meniscus.id, msg };
}

export interface WriterFixture {
  /** A writer of the same sink, as after a restart; not open. What is needed is closed with the test. */
  readonly writer: () => SinkWriter | Promise<SinkWriter>;
  /** Everything that was put there, in the order of the place where it has one. Asked once, at the end: no writer is used after it. */
  readonly found: () => Promise<readonly Found[]>;
}

/** What a kind of sink promises. */
export interface WriterPromises {
  /** An event that comes again is there once. */
  readonly once: boolean;
  /** Events of a tenant are in the order in which they came. */
  readonly ordered: boolean;
  /** Events of a deleted tenant are removed; else it is an archive. */
  readonly removes: boolean;
}

const RUNNING = new AbortController().signal;
const OTHER = { ...ACME, number: 2, id: 'Other tenant/..', name: 'Other' };

function events(from: number, to: number, event: TestEvent = {}): TestEvent[] {
  return Array.from({ length: to - from }, (_, i) => ({ ...event, msg: `event ${from + i}` }));
}

function batchOf(from: number, to: number, event: TestEvent = {}): SinkBatch {
  return sinkBatch(events(from, to, event), from);
}

function expected(batch: SinkBatch, rows = Array.from({ length: batch.rows }, (_, row) => row)): Found[] {
  return rows.map((row) => ({ tenant: batch.tenant(row).id, id: batch.id(row), msg: String(batch.object(row)['msg']) }));
}

function byId(found: readonly Found[]): Found[] {
  return found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Each id once, whatever the sink promises. */
function distinct(found: readonly Found[]): Found[] {
  return [...new Map(found.map((one) => [one.id, one])).values()];
}

const HOSTILE: readonly object[] = [
  JSON.parse('{"__proto__":{"x":1},"constructor":"y","toString":{"length":2}}') as object,
  { '': 'empty', '.': 'dot', 'a.b': 1, a: { b: 2 }, $set: { x: 1 }, 'nul\u0000': 1, '%41': 'x', 'ümläut 🚀': 'ß' },
  { deep: [[[[['nested', { more: [1, [2]] }]]]]], empty: {}, none: [], nothing: null },
  {
    big: new NumberText('123456789012345678901234567890'),
    integer: new NumberText('9007199254740993'),
    huge: new NumberText('1e400'),
    tiny: -0.5,
  },
  { text: `quote " backslash \\ newline \n tab \t nul \u0000 line \u2028 ${'x'.repeat(40_000)}` },
  { same: 'text' },
  { same: { an: 'object' } },
  { same: 12 },
];

/** What every writer must do, against what it really writes to. */
export function testWriterContract(
  name: string,
  promises: WriterPromises,
  create: (t: TestContext) => WriterFixture | Promise<WriterFixture>,
): void {
  const settled = (found: readonly Found[]): Found[] => byId(promises.once ? found : distinct(found));
  const opened = async (t: TestContext): Promise<WriterFixture & { readonly sink: SinkWriter }> => {
    const fixture = await create(t);
    const sink = await fixture.writer();
    await sink.open(RUNNING);
    return { ...fixture, sink };
  };

  suite(`the writer ${name}`, () => {
    test('puts every event of a batch there, of each tenant', async (t) => {
      const { sink, found } = await opened(t);
      const batch = sinkBatch(events(0, 20).map((event, i) => ({ ...event, tenant: i % 3 === 0 ? OTHER : ACME })));
      assert.deepEqual(await sink.write(batch, RUNNING), { refused: [], again: [] });
      const all = await found();
      assert.deepEqual(byId(all), byId(expected(batch)));
      if (promises.ordered)
        for (const { id } of [ACME, OTHER])
          assert.deepEqual(
            all.filter(({ tenant }) => tenant === id),
            expected(batch).filter(({ tenant }) => tenant === id),
          );
    });

    test('takes a batch that comes again, whole or in part, also after a restart', async (t) => {
      const { writer, found } = await create(t);
      const first = await writer();
      await first.open(RUNNING);
      await first.write(batchOf(0, 5), RUNNING);
      await first.write(batchOf(0, 5), RUNNING);
      await first.close();
      const second = await writer();
      await second.open(RUNNING);
      await second.write(batchOf(3, 9), RUNNING);
      await second.write(batchOf(9, 12), RUNNING);
      assert.deepEqual(settled(await found()), expected(batchOf(0, 12)));
    });

    test('puts only the rows there that are selected', async (t) => {
      const { sink, found } = await opened(t);
      const batch = batchOf(0, 6);
      await sink.write(batch.select([1, 3, 4]).select([0, 2]), RUNNING);
      await sink.write(batch.select([5]), RUNNING);
      assert.deepEqual(byId(await found()), expected(batch, [1, 4, 5]));
    });

    test('takes events of dead letters under the ids that they had', async (t) => {
      const { sink, found } = await opened(t);
      const batch = batchOf(40, 43);
      await sink.write(batch.select([0]), RUNNING);
      await sink.write(batchOf(50, 52), RUNNING);
      const kept = KeptDocuments.of([1, 2].map((row) => ({ tenant: ACME, text: batch.document(row) })));
      assert.deepEqual(await sink.write(kept, RUNNING), { refused: [], again: [] });
      assert.deepEqual(byId(await found()), [...expected(batch), ...expected(batchOf(50, 52))]);
    });

    test('can be opened again and looked at between two batches', async (t) => {
      const { sink, writer, found } = await opened(t);
      await sink.write(batchOf(0, 3), RUNNING);
      await (await writer()).check?.(RUNNING);
      await sink.open(RUNNING);
      await sink.retain?.([ACME], RUNNING);
      await sink.write(batchOf(3, 6), RUNNING);
      assert.deepEqual(settled(await found()), expected(batchOf(0, 6)));
    });

    test('an abort in the middle loses nothing when the batch comes again', async (t) => {
      const { sink, found } = await opened(t);
      const aborter = new AbortController();
      const writing = sink.write(batchOf(0, 2_000), aborter.signal);
      setImmediate(() => aborter.abort());
      await writing.catch(() => {});
      await sink.open(RUNNING);
      await sink.write(batchOf(0, 2_000), RUNNING);
      assert.deepEqual(settled(await found()), expected(batchOf(0, 2_000)));
    });

    test('whatever an event holds, it is there or refused, and never both; the others are there', async (t) => {
      const { sink, found } = await opened(t);
      const hostile = HOSTILE.map((native, i) => ({ msg: `hostile ${i}`, native }));
      const batch = sinkBatch([...hostile, ...events(0, 3)], 100);
      const { refused, again } = await sink.write(batch, RUNNING);
      assert.deepEqual(again, []);
      const ids = new Set(refused.map(({ row }) => batch.id(row)));
      for (const { row, text } of refused)
        assert.ok(row < HOSTILE.length && text !== '', 'only such an event is refused, and the reason is told');
      const all = await found();
      for (let row = 0; row < batch.rows; row++)
        assert.equal(all.filter(({ id }) => id === batch.id(row)).length, ids.has(batch.id(row)) ? 0 : 1, `row ${row}`);
    });

    test(promises.removes ? 'removes a deleted tenant, and nobody else' : 'keeps what a deleted tenant has sent: an archive', async (t) => {
      const { sink, found } = await opened(t);
      await sink.write(batchOf(0, 3, { received: RECEIVED }), RUNNING);
      await sink.write(batchOf(3, 6, { received: RECEIVED, tenant: OTHER }), RUNNING);
      await sink.removeTenant?.({ number: OTHER.number, id: OTHER.id }, RECEIVED + 1, RUNNING);
      const left = promises.removes ? expected(batchOf(0, 3)) : [...expected(batchOf(0, 3)), ...expected(batchOf(3, 6, { tenant: OTHER }))];
      assert.deepEqual(byId(await found()), left);
    });
  });
}
