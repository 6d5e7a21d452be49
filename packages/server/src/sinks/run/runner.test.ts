import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { TenantView } from '../../control/tenant.ts';
import { eventually } from '../../queue/contract.testing.ts';
import { ACME, batchBytes, DEFAULT_PRODUCER, sinkBatch, type TestEvent } from '../document/documents.testing.ts';
import { BatchRefused, WRITTEN, type SinkBatch, type SinkWriter, type WriteResult } from '../writer.ts';
import { backOffMs } from './back-off.ts';
import type { Committed, SinkHealth, SinkLetter } from './messages.ts';
import { SinkRunner, type RunnerParts } from './runner.ts';

const TENANT: TenantView = {
  number: ACME.number,
  id: ACME.id,
  name: ACME.name,
  token: { valid: 'x', previous: null },
  producers: [],
  settings: { retention_days: 90 },
};

function msgs(batch: SinkBatch): string[] {
  return Array.from({ length: batch.rows }, (_, row) => batch.object(row)['msg'] as string);
}

/** A writer whose answers a test gives; unless told otherwise it takes everything. */
class ScriptedWriter implements SinkWriter {
  readonly written: string[] = [];
  readonly batches: number[] = [];
  readonly removed: string[] = [];
  opens = 0;
  answer: (batch: SinkBatch) => WriteResult | Promise<WriteResult> = () => WRITTEN;

  async open(): Promise<void> {
    this.opens++;
  }

  async write(batch: SinkBatch): Promise<WriteResult> {
    const result = await this.answer(batch);
    const left = new Set([...result.refused.map(({ row }) => row), ...result.again]);
    this.batches.push(batch.rows);
    this.written.push(...msgs(batch).filter((_, row) => !left.has(row)));
    return result;
  }

  async removeTenant({ id }: { readonly id: string }): Promise<void> {
    this.removed.push(id);
  }

  async close(): Promise<void> {}
}

interface Fixture {
  readonly runner: SinkRunner;
  readonly writer: ScriptedWriter;
  readonly letters: SinkLetter[];
  readonly health: () => SinkHealth | undefined;
  readonly removed: number[];
  /** Sends events as the batch that follows in shard 0. */
  readonly send: (...msgs: string[]) => void;
  readonly sendEvents: (events: readonly TestEvent[]) => void;
  readonly committed: () => number;
  /** Batches that the runner has got. */
  readonly arrived: () => number;
}

function start(t: TestContext, changes: Partial<RunnerParts> = {}): Fixture {
  const writer = new ScriptedWriter();
  const letters: SinkLetter[] = [];
  const removed: number[] = [];
  let health: SinkHealth | undefined;
  const runner = new SinkRunner({
    name: 'test',
    node: 0,
    batch: { maxEvents: 100, maxBytes: 1 << 20, maxAgeMs: 5 },
    retryMaxAgeMs: null,
    writer,
    tenants: [TENANT],
    letters: async (list) => void letters.push(...list),
    health: (now) => (health = now),
    tenantRemoved: (number) => removed.push(number),
    ...changes,
  });
  const { port1, port2 }: { port1: MessagePort; port2: MessagePort } = new MessageChannel();
  t.after(async () => {
    await runner.stop();
    port2.close();
  });
  let position = 0;
  let committed = 0;
  let arrived = 0;
  runner.attach(0, port1);
  port1.on('message', () => arrived++);
  port2.on('message', (message: Committed) => (committed = message.position));
  const sendEvents = (events: readonly TestEvent[]): void => {
    port2.postMessage({ position, rows: events.length, bytes: batchBytes(events) });
    position += events.length;
  };
  const send = (...list: string[]): void => sendEvents(list.map((msg) => ({ msg })));
  return { runner, writer, letters, removed, send, sendEvents, health: () => health, committed: () => committed, arrived: () => arrived };
}

/** A promise that a test keeps. */
function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}

const FAILING = (): never => {
  throw new Error('connection refused');
};

suite('the runner of a sink', () => {
  test('a tenant whose events cannot be deleted holds nobody else back, and is tried again', async (t) => {
    const { runner, writer, removed, send, committed } = start(t);
    let refusals = 0;
    writer.removeTenant = async () => {
      if (refusals++ < 2) throw new Error('not allowed to delete');
    };
    runner.removeTenant(7, 'gone', 1);
    await eventually(() => refusals === 1, 'the first try');
    send('a', 'b');
    await eventually(() => committed() === 2, 'the events of another tenant');
    await eventually(() => removed.length === 1, 'the removal');
    assert.deepEqual([removed, refusals, writer.written], [[7], 3, ['a', 'b']]);
  });

  test('events are written between tasks that wait', async (t) => {
    const { runner, writer, send, arrived } = start(t, { batch: { maxEvents: 1, maxBytes: 1 << 20, maxAgeMs: 5 } });
    const order: string[] = [];
    const first = gate();
    writer.removeTenant = async ({ id }) => {
      if (id === 't1') await first.opened;
      order.push(id);
    };
    writer.answer = (batch) => {
      order.push(...msgs(batch));
      return WRITTEN;
    };
    for (const number of [1, 2, 3]) runner.removeTenant(number, `t${number}`, 1);
    send('a', 'b');
    await eventually(() => arrived() === 1, 'the events to arrive');
    first.open();
    await eventually(() => order.length === 5, 'all of it');
    assert.deepEqual(order, ['t1', 'a', 't2', 'b', 't3']);
  });

  test('a redrive that is being written when the sink stops is finished', async (t) => {
    const held = gate();
    const { runner, writer } = start(t);
    writer.answer = async () => {
      await held.opened;
      return WRITTEN;
    };
    const text = sinkBatch([{ msg: 'again' }]).document(0);
    const redriven = runner.redrive([{ tenant: TENANT.number, text }]);
    await eventually(() => writer.opens === 1, 'the write');
    await new Promise((resolve) => setImmediate(resolve));
    const stopped = runner.stop();
    held.open();
    assert.equal(await redriven, 1);
    await stopped;
    assert.deepEqual(writer.written, ['again']);
  });

  test('events of a tenant that is deleted while they wait are not written after their removal', async (t) => {
    const held = gate();
    const { runner, writer, send, sendEvents, committed } = start(t, { batch: { maxEvents: 2, maxBytes: 1 << 20, maxAgeMs: 5 } });
    const gone = { number: ACME.number + 1, id: 'gone', name: 'gone', retentionDays: 90 };
    runner.apply([{ type: 'put', tenant: { ...TENANT, ...gone } }]);
    writer.answer = async () => {
      await held.opened;
      return WRITTEN;
    };
    sendEvents([{ msg: 'a' }, { msg: 'of gone, being written', tenant: gone }, { msg: 'of gone, waiting', tenant: gone }, { msg: 'b' }]);
    send('c', 'd');
    sendEvents([{ msg: 'e' }, { msg: 'of gone, too', tenant: gone }]);
    await eventually(() => writer.opens === 1, 'the first write');
    await new Promise((resolve) => setImmediate(resolve));
    runner.apply([{ type: 'remove', number: gone.number, id: gone.id }]);
    runner.removeTenant(gone.number, gone.id, 1);
    held.open();
    await eventually(() => committed() === 8, 'everything to be written');
    assert.deepEqual(writer.written, ['a', 'of gone, being written', 'b', 'c', 'd', 'e']);
    assert.deepEqual(writer.removed, ['gone']);
  });

  test('writes in order, in batches of its size, and commits when all of a batch of the queue is safe', async (t) => {
    const { writer, send, committed } = start(t, { batch: { maxEvents: 3, maxBytes: 1 << 20, maxAgeMs: 60_000 } });
    send('a', 'b');
    send('c', 'd', 'e', 'f', 'g');
    await eventually(() => writer.written.length === 6, 'two batches');
    assert.deepEqual(writer.written, ['a', 'b', 'c', 'd', 'e', 'f']);
    assert.deepEqual(writer.batches, [3, 3]);
    await eventually(() => committed() === 2, 'the first commit');
    send('h', 'i');
    await eventually(() => committed() === 9, 'the second commit');
    assert.deepEqual(writer.written.slice(6), ['g', 'h', 'i']);
  });

  test('writes what is too little for a batch when it is old enough', async (t) => {
    const { send, committed } = start(t);
    send('a');
    await eventually(() => committed() === 1, 'the commit');
  });

  test('leaves out what is for other sinks and what belongs to deleted tenants', async (t) => {
    const { runner, writer, sendEvents, committed } = start(t);
    const other = { ...ACME, number: 2, id: 'other' };
    runner.apply([{ type: 'put', tenant: { ...TENANT, number: 2, id: 'other' } }]);
    runner.apply([{ type: 'remove', number: 2, id: 'other' }]);
    sendEvents([
      { msg: 'mine' },
      { msg: 'gone', tenant: other },
      { msg: 'elsewhere', producer: { ...DEFAULT_PRODUCER, sinks: ['store'] } },
    ]);
    await eventually(() => committed() === 3, 'the commit');
    assert.deepEqual(writer.written, ['mine']);
  });

  test('tries again what failed, opens anew, and tells of it until it works', async (t) => {
    const { writer, send, committed, health } = start(t);
    let failures = 2;
    writer.answer = () => (failures-- > 0 ? FAILING() : WRITTEN);
    send('a', 'b');
    await eventually(() => health()?.retries === 1, 'the first failure');
    assert.equal(health()!.sinceOk, null);
    assert.match(health()!.lastError!.text, /connection refused/);
    assert.equal(committed(), 0);
    await eventually(() => committed() === 2, 'the commit');
    assert.deepEqual(writer.written, ['a', 'b']);
    assert.equal(writer.opens, 3);
    await eventually(() => health()?.retries === 0, 'the recovery');
    assert.match(health()!.lastError!.text, /connection refused/, 'the last error stays');
    assert.notEqual(health()!.sinceOk, null);
    assert.equal(health()!.failures, 2);
  });

  test('tries again only the rows that are to be tried again', async (t) => {
    const { writer, send, committed } = start(t);
    let first = true;
    writer.answer = () => {
      const result = first ? { refused: [], again: [1, 3], error: 'too many requests' } : WRITTEN;
      first = false;
      return result;
    };
    send('a', 'b', 'c', 'd');
    send('e');
    await eventually(() => committed() === 5, 'the commit');
    assert.deepEqual(writer.written.toSorted(), ['a', 'b', 'c', 'd', 'e']);
    assert.deepEqual(
      writer.written.filter((msg) => 'bd'.includes(msg)),
      ['b', 'd'],
    );
  });

  test('keeps refused events as dead letters with the words of the server, before it commits', async (t) => {
    let keep = (): void => {};
    const kept = new Promise<void>((resolve) => (keep = resolve));
    const letters: SinkLetter[] = [];
    const { writer, send, committed } = start(t, {
      letters: async (list) => {
        await kept;
        letters.push(...list);
      },
    });
    writer.answer = () => ({ refused: [{ row: 1, text: 'mapper_parsing_exception: no' }], again: [] });
    send('a', 'bad', 'c');
    await eventually(() => writer.batches.length === 1, 'the write');
    assert.equal(committed(), 0);
    keep();
    await eventually(() => committed() === 3, 'the commit');
    assert.deepEqual(writer.written, ['a', 'c']);
    const [letter] = letters;
    assert.deepEqual([letter!.reason, letter!.text, letter!.tenant], ['refused', 'mapper_parsing_exception: no', 1]);
    assert.equal((JSON.parse(letter!.document) as { readonly msg: string }).msg, 'bad');
  });

  test('splits a batch that is refused whole down to the event that is to blame', async (t) => {
    const { writer, letters, send, committed } = start(t);
    writer.answer = (batch) => {
      if (msgs(batch).includes('bad')) throw new BatchRefused(`400 of ${batch.rows}`);
      return WRITTEN;
    };
    send(...Array.from({ length: 20 }, (_, i) => (i === 13 ? 'bad' : `${i}`)));
    await eventually(() => committed() === 20, 'the commit');
    assert.deepEqual(
      writer.written,
      Array.from({ length: 20 }, (_, i) => `${i}`).filter((msg) => msg !== '13'),
    );
    assert.deepEqual(
      letters.map(({ text }) => text),
      ['400 of 1'],
    );
  });

  test('gives up what is older than retry_max_age, as dead letters, and goes on', async (t) => {
    const { writer, letters, send, committed, health } = start(t, { retryMaxAgeMs: 1 });
    writer.answer = (batch) => (msgs(batch).includes('a') ? FAILING() : WRITTEN);
    send('a');
    await eventually(() => committed() === 1, 'the commit');
    assert.equal(health()!.sinceOk, null, 'to give up is no success');
    send('b');
    await eventually(() => committed() === 2, 'the commit');
    assert.deepEqual(
      letters.map(({ reason, text }) => [reason, text]),
      [['expired', 'the sink did not take it within retry_max_age: connection refused']],
    );
    assert.deepEqual(writer.written, ['b']);
    await eventually(() => health()?.expired === 1 && health()?.events === 1, 'the counts');
  });

  test('writes dead letters again, with the same ids, and keeps again what is refused again', async (t) => {
    const { runner, writer, letters } = start(t);
    const batch = sinkBatch([{ msg: 'a' }, { msg: 'b' }], 5);
    const documents = [0, 1].map((row) => ({ tenant: 1, text: batch.document(row) }));
    assert.equal(await runner.redrive(documents), 2);
    assert.deepEqual(writer.written, ['a', 'b']);
    writer.answer = () => ({ refused: [{ row: 0, text: 'again no' }], again: [] });
    assert.equal(await runner.redrive(documents), 2);
    assert.deepEqual(
      letters.map(({ eventId }) => eventId),
      [batch.id(0)],
    );
  });

  test('removes a deleted tenant, as soon as the sink can', async (t) => {
    const { runner, writer, removed } = start(t);
    let down = true;
    writer.removeTenant = async ({ id }) => {
      if (down) FAILING();
      writer.removed.push(id);
    };
    runner.removeTenant(7, 'gone', 1);
    await eventually(() => writer.opens > 0, 'a try');
    down = false;
    await eventually(() => removed.includes(7), 'the removal');
    assert.deepEqual(writer.removed, ['gone']);
  });

  test('stops at once while its sink fails, without a commit', async (t) => {
    const { runner, writer, send, committed, health } = start(t);
    writer.answer = FAILING;
    send('a');
    await eventually(() => (health()?.retries ?? 0) > 0, 'a failure');
    await runner.stop();
    assert.equal(committed(), 0);
  });

  test('waits longer after each failure, at first below a second, never above half a minute', () => {
    assert.ok(backOffMs(0, 0) >= 100 && backOffMs(0, 1) < 1000);
    assert.ok(backOffMs(3, 0) > backOffMs(0, 1));
    assert.equal(backOffMs(50, 1), 30_000);
    assert.ok(backOffMs(50, 0) < 30_000);
  });
});
