import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, temporaryDirectory, until, writeSyslogCorpus, type Cleanup } from '@meniscus/testkit';
import { accepts, startDaemon } from '@meniscus/e2e/support/daemon.ts';
import { unpackDebian } from '@meniscus/e2e/support/debian.ts';
import type { BenchCase } from '../lib/case.ts';
import { cpuSeconds } from '../lib/process-usage.ts';
import { runSender } from '../lib/service.ts';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 1_000_000);

/** For comparison, in the same run: rsyslog receives the same stream and writes it to one plain file, nothing parsed into fields, indexed or fsynced. */
export const rsyslogToFile: BenchCase = {
  name: 'rsyslog to a file',
  async run(t: Cleanup) {
    const unpacked = await unpackDebian('rsyslog', ['rsyslog', 'libestr0', 'libfastjson4', 'liblognorm5']).catch(() => undefined);
    if (unpacked === undefined) return [{ what: 'rsyslog to a plain file', result: 'rsyslog could not be installed', budget: '' }];
    const directory = temporaryDirectory(t);
    const tenants = Array.from({ length: 10 }, (_, i) => ({ id: `tenant${i}`, token: `0ebcdb6a-fa82-4241-a806-0e936c01d80${i}` }));
    const corpus = writeSyslogCorpus(path.join(directory, 'corpus'), {
      events: EVENTS,
      tenants,
      from: Date.now() - 86_400_000,
      spanMs: 86_000_000,
    });
    const port = await freePort();
    const out = path.join(directory, 'out');
    const file = path.join(directory, 'conf');
    writeFileSync(
      file,
      `global(workDirectory="${directory}")\nmodule(load="imptcp")\ninput(type="imptcp" address="127.0.0.1" port="${port}")\naction(type="omfile" file="${out}")\n`,
    );
    const args = ['-n', '-f', file, '-i', path.join(directory, 'pid'), '-M', path.join(unpacked.libraries, 'rsyslog')];
    const daemon = startDaemon(t, path.join(unpacked.root, 'usr/sbin/rsyslogd'), args, unpacked.environment);
    await accepts(port, daemon);
    const cpu = cpuSeconds(daemon.pid!);
    await runSender('send-file.ts', [`127.0.0.1:${port}`, corpus.file]);
    let size = -1;
    await until('the file to be whole', async () => {
      const before = size;
      await new Promise((resolve) => setTimeout(resolve, 500));
      size = statSync(out, { throwIfNoEntry: false })?.size ?? 0;
      return size > 0 && size === before;
    });
    const used = ((cpuSeconds(daemon.pid!) - cpu) / EVENTS) * 1e6;
    return [
      {
        what: 'for comparison: rsyslog, the same stream to one plain file, CPU-seconds per million events',
        result: used.toFixed(2),
        budget: '',
      },
    ];
  },
};
