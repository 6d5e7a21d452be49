/** The sink `file` on a real disk that fills, and in a service that is killed while it writes. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { temporaryDirectory, until } from '@meniscus/testkit';
import { sinkBatch } from '../../packages/server/src/sinks/document/documents.testing.ts';
import { fileKind } from '../../packages/server/src/sinks/file/kind.ts';
import { WRITTEN, type SinkBatch } from '../../packages/server/src/sinks/writer.ts';
import { numbers, running, SinkService, writerOf } from '../support/sinks.ts';
import { smallDisk } from '../support/small-disk.ts';

const MIB = 1 << 20;

/** The numbers in all files of an archive; fails when a line is not whole. */
function archived(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ndjson'));
  const lines = files.sort().flatMap((file) => readFileSync(path.join(directory, file), 'utf8').split('\n').slice(0, -1));
  return lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg.split(' ')[0]!);
}

const numbered = (from: number, to: number): SinkBatch =>
  sinkBatch(
    Array.from({ length: to - from }, (_, i) => ({ msg: `${from + i} ${'x'.repeat(1000)}` })),
    from,
  );

test('a full disk is waited for, and holds no event twice or in part', async (t) => {
  const disk = await smallDisk(t, 32 * MIB);
  if (typeof disk === 'string') return t.skip(disk);
  const directory = path.join(disk.directory, 'archive');
  // The state may lie on the same disk or on another.
  for (const stateDirectory of [disk.directory, temporaryDirectory(t)]) {
    const before = archived(directory).length;
    const writer = await writerOf(t, fileKind, { directory }, { stateDirectory });
    await writer.open(running);
    assert.deepEqual(await writer.write(numbered(before, before + 1000), running), WRITTEN);
    disk.fill(MIB / 2);
    const batch = numbered(before + 1000, before + 2000);
    for (let i = 0; i < 3; i++) {
      await assert.rejects(
        writer.open(running).then(async () => writer.write(batch, running)),
        { code: 'ENOSPC' },
      );
    }
    disk.empty();
    await writer.open(running);
    assert.deepEqual(await writer.write(batch, running), WRITTEN);
    assert.deepEqual(archived(directory), numbers(before + 2000));
    await writer.close();
  }
  return undefined;
});

test('a service that is killed while it writes: each event once', async (t) => {
  const directory = path.join(temporaryDirectory(t), 'archive');
  const service = await SinkService.start(
    t,
    `sinks: [{ name: archive, type: file, directory: "${directory}", batch_max_age: 10ms }]\ndefault_sinks: [archive]`,
  );
  let sent = 0;
  for (let round = 0; round < 5; round++) {
    sent = await service.publish(1000);
    await delay(Math.random() * 60);
    await service.restart('SIGKILL');
  }
  await until('all events', () => archived(directory).length >= sent);
  assert.deepEqual(
    archived(directory).sort((a, b) => Number(a) - Number(b)),
    numbers(sent),
  );
});
