import { once } from 'node:events';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { hdfs, temporaryDirectory, type Cleanup } from '@meniscus/testkit';
import { startDaemon } from '@meniscus/e2e/support/daemon.ts';
import type { BenchCase } from '../lib/case.ts';
import { measureRsyslog } from '../lib/rsyslog.ts';
import { measureSink, ratioRow, sinkRow } from '../lib/sinks.ts';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 500_000);
const NEWLINE = 0x0a;

/** A receiver that takes everything; gives its port. */
async function receiver(t: Cleanup, kind: 'http' | 'tcp'): Promise<string> {
  const child = startDaemon(t, process.execPath, [path.join(import.meta.dirname, '../lib/take-all.ts'), kind], process.env);
  await once(child.stdout!, 'data');
  return child.said.trim();
}

/** Counts the lines of a file that grows, and reads each once. */
function lineCounter(): (file: string) => number {
  const piece = Buffer.alloc(1 << 20);
  let [at, lines] = [0, 0];
  return (file) => {
    if (!existsSync(file)) return 0;
    const fd = openSync(file, 'r');
    for (let read = readSync(fd, piece, 0, piece.length, at); read > 0; read = readSync(fd, piece, 0, piece.length, at)) {
      for (let i = piece.indexOf(NEWLINE); i >= 0 && i < read; i = piece.indexOf(NEWLINE, i + 1)) lines++;
      at += read;
    }
    closeSync(fd);
    return lines;
  };
}

export const sinkFile: BenchCase = {
  name: 'sink file',
  async run(t: Cleanup) {
    const linesOf = lineCounter();
    const other = await measureRsyslog(
      t,
      {
        action: (directory) => `action(type="omfile" file="${directory}/out" template="document" asyncWriting="off" ioBufferSize="256k")`,
        count: (directory) => Promise.resolve(linesOf(path.join(directory, 'out'))),
      },
      EVENTS,
    );
    const settings = { type: 'file', directory: temporaryDirectory(t) };
    const ours = await measureSink(t, settings, EVENTS);
    return [
      sinkRow('sink file, durable', ours),
      sinkRow("for comparison: rsyslog's omfile, the same fields as JSON, not durable", other),
      ratioRow('sink file', ours, other, ''),
    ];
  },
};

/** One after the other, each in a service of its own. */
export const sinksAlone: BenchCase = {
  name: 'sinks hdfs, http and syslog',
  async run(t: Cleanup) {
    const { url, user } = await hdfs(t, { heap: '512m', longRunning: true });
    const archive = { type: 'hdfs', url, user, file_max_age: '2s' };
    const hook = { type: 'http', url: `http://127.0.0.1:${await receiver(t, 'http')}/` };
    const relay = { type: 'syslog', address: `127.0.0.1:${await receiver(t, 'tcp')}` };
    return [
      sinkRow('sink hdfs to HDFS', await measureSink(t, archive, EVENTS)),
      sinkRow('sink http to a server that takes everything', await measureSink(t, hook, EVENTS)),
      sinkRow('sink syslog to a server that takes everything', await measureSink(t, relay, EVENTS)),
    ];
  },
};
