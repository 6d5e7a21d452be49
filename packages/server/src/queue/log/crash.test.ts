import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { MeniscusError } from '../../errors.ts';
import type { QueuedBatch } from '../queue.ts';
import { eventually, fill, numberOf, takeNumbers, range, numbered } from '../contract.testing.ts';
import { LogQueue } from './log-queue.ts';

async function temporary(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'meniscus-queue-crash-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs the appending process and kills it after so many acknowledgements; gives number and position of all that it told. */
async function appendAndKill(directory: string, first: number, acknowledgements: number): Promise<Map<number, number>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash.testing.ts'), directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let lines = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    lines += chunk.toString().split('\n').length - 1;
    if (lines >= acknowledgements) child.kill('SIGKILL');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', `the appending process ended with ${code}`);
  const whole = output.slice(0, output.lastIndexOf('\n')).split('\n');
  return new Map(whole.map((line) => line.split(' ').map(Number) as [number, number]));
}

async function readAll(queue: LogQueue): Promise<QueuedBatch[]> {
  const consumer = queue.consumer('reader');
  const batches: QueuedBatch[] = [];
  for (let end = 0; end < queue.stats().position;) {
    const batch = await consumer.next(AbortSignal.timeout(20_000));
    // Positions that a torn tail took up hold nothing.
    if (batch === undefined) break;
    batches.push(batch);
    end = batch.position + batch.rows;
  }
  return batches;
}

test('kill -9 while appending: all that was acknowledged is there, at its position, and nothing twice', async (t) => {
  const directory = await temporary(t);
  const acknowledged = new Map<number, number>();
  let first = 0;
  for (const count of [1, 40, 333, 700]) {
    for (const [number, position] of await appendAndKill(directory, first, count)) acknowledged.set(number, position);
    const queue = await LogQueue.open({ directory, diskReserveBytes: 0 });
    // Gives the reader a last batch to end at, after whatever positions the crash used up.
    first += 10_000;
    acknowledged.set(first - 1, await queue.append(numbered(first - 1), 1));
    const batches = await readAll(queue);
    await queue.removeConsumer('reader');
    await queue.close();

    const positions = new Map(batches.map((batch) => [numberOf(batch), batch.position]));
    assert.equal(positions.size, batches.length, 'a batch is there twice');
    for (const [number, position] of acknowledged) assert.equal(positions.get(number), position, `batch ${number}`);
    for (let i = 1; i < batches.length; i++) assert.ok(batches[i]!.position >= batches[i - 1]!.position + batches[i - 1]!.rows);
    assert.equal(queue.stats().quarantined, 0);
  }
});

test('a disk that is really full refuses, keeps what it has, and goes on when there is room', async (t) => {
  const cleanUp = new AsyncDisposableStack();
  t.after(() => cleanUp.disposeAsync());
  const directory = await mkdtemp(join(tmpdir(), 'meniscus-queue-full-'));
  cleanUp.defer(() => rm(directory, { recursive: true, force: true }));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    t.skip('NOT TESTED: a small file system cannot be mounted here (it needs root)');
    return;
  }
  cleanUp.defer(() => void execFileSync('umount', [directory]));
  const open = async (): Promise<LogQueue> => {
    const queue = await LogQueue.open({ directory, diskReserveBytes: 0, fileBytes: 200_000 });
    cleanUp.defer(() => queue.close());
    return queue;
  };
  const first = await open();
  const count = await fill(first, 30_000);
  assert.ok(count > 20);
  assert.equal(first.stats().full, 'disk');
  assert.deepEqual(await takeNumbers(first.consumer('a'), count), range(0, count));
  await first.close();

  // Not even a cursor has room now: removing files must not wait for it.
  await assert.rejects(writeFile(join(directory, 'filler'), Buffer.alloc(1 << 20)), { code: 'ENOSPC' });
  const second = await open();
  const consumer = second.consumer('a');
  assert.deepEqual(await takeNumbers(consumer, count), range(0, count));
  await assert.rejects(
    second.append(numbered(1, 30_000), 1),
    (error: unknown) => error instanceof MeniscusError && error.code === 'queue_full',
  );
  assert.equal(second.stats().tornBytes, 0);
  consumer.commit(second.stats().position);
  await eventually(() => !second.full, 'room');
  await second.append(numbered(count, 30_000), 1);
  assert.deepEqual(await takeNumbers(consumer, 1), [count]);
  await second.close();
  assert.deepEqual(await takeNumbers((await open()).consumer('a'), 1), [count]);
});
