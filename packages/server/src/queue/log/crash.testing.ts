import { writeSync } from 'node:fs';
import { LogQueue } from './log-queue.ts';
import { numbered } from '../contract.testing.ts';

/**
 * A process that appends numbered batches without end, for a test to kill: `node crash.testing.ts DIRECTORY FIRST`. Each acknowledged batch is a
 * line "number position" on standard output.
 */
const [directory, first] = process.argv.slice(2);
const queue = await LogQueue.open({ directory: directory!, fileBytes: 200_000, diskReserveBytes: 0 });
const consumer = queue.consumer('a');
let number = Number(first);

async function appendForever(): Promise<never> {
  for (;;) {
    const mine = number++;
    const position = await queue.append(numbered(mine, 100 + ((mine * 37) % 3000)), (mine % 5) + 1);
    writeSync(1, `${mine} ${position}\n`);
    if (mine % 50 === 0) consumer.commit(consumer.position);
  }
}

await Promise.all(Array.from({ length: 8 }, appendForever));
