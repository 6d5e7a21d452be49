import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import type { ListenerInfo, Source } from './source.ts';
import type { MemoryIntake } from './testing/memory-intake.ts';

/** What the contract needs to know of an implementation. */
export interface SourceContract {
  readonly name: string;
  /** A source on a port, any free one if none is given. */
  make(intake: MemoryIntake, port?: number): Source;
  /** An intake with the tenant that `send` sends for. */
  intake(): MemoryIntake;
  /** Sends texts as events that the intake's tenant accepts, and closes. */
  send(info: ListenerInfo, texts: readonly string[]): Promise<void>;
}

/** What every source does. */
export function testSource(contract: SourceContract): void {
  const started = async (t: TestContext): Promise<{ source: Source; intake: MemoryIntake; info: ListenerInfo }> => {
    const intake = contract.intake();
    const source = contract.make(intake);
    t.after(() => source.stop());
    return { source, intake, info: await source.start() };
  };

  suite(`source ${contract.name}`, () => {
    test('port 0 is a real port in the answer', async (t) => {
      const { source, info } = await started(t);
      assert.equal(info.type, source.type);
      for (const address of [info.tcp, info.udp]) if (address !== undefined) assert.match(address, /^127\.0\.0\.1:[1-9]\d*$/);
      assert.ok(info.tcp !== undefined || info.udp !== undefined);
    });

    test('what is sent becomes rows in order, and is counted', async (t) => {
      const { intake, info } = await started(t);
      await contract.send(info, ['one', 'two', 'three']);
      const rows = await intake.arrived(3);
      assert.deepEqual(
        rows.map(({ msg }) => msg),
        ['one', 'two', 'three'],
      );
      assert.equal(intake.counters.events, 3);
      assert.ok(intake.counters.bytes >= 'onetwothree'.length);
      assert.deepEqual([intake.counters.parseErrors, intake.counters.refused.size], [0, 0]);
    });

    test('stop is idempotent, before a start too, and hands in what was sent', async (t) => {
      await contract.make(contract.intake()).stop();
      const { source, intake, info } = await started(t);
      await contract.send(info, ['last']);
      await source.stop();
      await source.stop();
      assert.deepEqual(
        intake.rows.map(({ msg }) => msg),
        ['last'],
      );
      assert.equal(intake.counters.connections, 0);
    });

    test('two at a time do not meet', async (t) => {
      const [a, b] = [await started(t), await started(t)];
      await contract.send(a.info, ['to a']);
      await contract.send(b.info, ['to b']);
      assert.deepEqual([(await a.intake.arrived(1))[0]?.msg, (await b.intake.arrived(1))[0]?.msg], ['to a', 'to b']);
    });

    test('a port that is taken is a clear error', async (t) => {
      const { info } = await started(t);
      const port = Number((info.tcp ?? info.udp)!.split(':').at(-1));
      const second = contract.make(contract.intake(), port);
      t.after(() => second.stop());
      await assert.rejects(second.start(), { code: 'listen_failed' });
    });
  });
}
