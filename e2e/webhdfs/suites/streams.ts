/** Large files: through, not into memory; and broken off in the middle. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { WebHdfs } from '@meniscus/webhdfs';
import type { Target } from './target.ts';

const CHUNK_BYTES = 64 * 1024;
const CHUNKS = 800;
const LENGTH = CHUNK_BYTES * CHUNKS;
/** More than buffers of sockets and streams, far less than the file. */
const HELD_BYTES = 8 * 1024 * 1024;

export async function streams(t: TestContext, { hdfs, directory }: Target): Promise<void> {
  await t.test('50 MB both ways without holding it', () => bothWays(hdfs, `${directory}/streams/large`));
  await t.test('broken off in the middle', () => brokenOff(hdfs, `${directory}/streams/broken`));
}

/**
 * The memory that data is in. A collection frees buffers a little later, so single samples are too high; what is really held is in all of the later ones.
 */
function meter(): { sample: () => void; held: () => number } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = used();
  const samples: number[] = [];
  return { sample: () => void samples.push(used() - before), held: () => Math.min(...samples.slice(samples.length / 2)) };
}

async function bothWays(hdfs: WebHdfs, path: string): Promise<void> {
  const [up, down] = [meter(), meter()];
  const written = createHash('sha256');
  async function* source(): AsyncGenerator<Buffer> {
    for (let n = 0; n < CHUNKS; n++) {
      const chunk = randomBytes(CHUNK_BYTES);
      written.update(chunk);
      if (n % 50 === 0) up.sample();
      yield chunk;
    }
  }
  await hdfs.createFile(path, source(), { overwrite: true });
  assert.equal((await hdfs.getFileStatus(path)).length, LENGTH);
  const read = createHash('sha256');
  let [length, chunks] = [0, 0];
  for await (const chunk of (await hdfs.openFile(path)) as AsyncIterable<Buffer>) {
    read.update(chunk);
    length += chunk.length;
    if (chunks++ % 50 === 0) down.sample();
  }
  assert.equal(length, LENGTH);
  assert.equal(read.digest('hex'), written.digest('hex'));
  for (const memory of [up, down]) assert.ok(memory.held() < HELD_BYTES, `${memory.held()} bytes were held`);
}

async function brokenOff(hdfs: WebHdfs, path: string): Promise<void> {
  const reason = new Error('the user left');
  const upload = new AbortController();
  let sent = 0;
  const source = Readable.from(
    (async function* () {
      for (; ; sent++) {
        if (sent === CHUNKS / 4) upload.abort(reason);
        yield randomBytes(CHUNK_BYTES);
      }
    })(),
  );
  const closed = once(source, 'close');
  await assert.rejects(hdfs.createFile(path, source, { overwrite: true, signal: upload.signal }), reason);
  await closed;
  assert.ok(sent < CHUNKS);

  // The half file is in nobody's way.
  const whole = randomBytes(LENGTH);
  await hdfs.createFile(path, whole, { overwrite: true });
  const download = new AbortController();
  const stream = await hdfs.openFile(path, { signal: download.signal });
  let length = 0;
  await assert.rejects(async () => {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > LENGTH / 4) download.abort(reason);
    }
  }, reason);
  assert.ok(length < LENGTH);
  const rest: Buffer[] = [whole.subarray(0, length)];
  for await (const chunk of (await hdfs.openFile(path, { offset: length })) as AsyncIterable<Buffer>) rest.push(chunk);
  assert.ok(whole.equals(Buffer.concat(rest)));
  const left = await hdfs.openFile(path);
  left.destroy();
  await once(left, 'close');
}
