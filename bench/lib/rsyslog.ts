import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, temporaryDirectory, type Cleanup } from '@meniscus/testkit';
import { accepts, startDaemon } from '@meniscus/e2e/support/daemon.ts';
import { unpackDebian } from '@meniscus/e2e/support/debian.ts';
import { cpuSeconds } from './process-usage.ts';
import { runSender } from './service.ts';
import { NOBODY, sinkCorpus, untilTrue, type Measured } from './sinks.ts';

const OUTPUTS = ['rsyslog-elasticsearch', 'rsyslog-mongodb'];
const LIBRARIES = ['libestr0', 'libfastjson4', 'liblognorm5', 'libbson-1.0-0', 'libmongoc-1.0-0', 'libmongocrypt0', 'libsnappy1v5'];

/** The fields of an event in the names that our sinks give them: a smaller document than ours, which has the tenant, the producer and an id besides. */
const DOCUMENT = `template(name="document" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="pname" name="app-name" format="jsonf")
  property(outname="pid" name="procid" format="jsonf")
  property(outname="msgid" name="msgid" format="jsonf")
  property(outname="pri" name="pri" format="jsonf")
  property(outname="msg" name="msg" format="jsonf")
  property(outname="severity" name="syslogseverity" format="jsonf" datatype="number")
  property(outname="facility" name="syslogfacility" format="jsonf" datatype="number")
  property(outname="level" name="syslogseverity-text" format="jsonf")
  property(outname="received" name="timegenerated" dateFormat="rfc3339" format="jsonf")
  property(outname="native" name="structured-data" format="jsonf")
}
`;

/** Large batches, and no line is dropped because the queue is full. */
const QUEUE = 'main_queue(queue.type="FixedArray" queue.size="2000000" queue.dequeueBatchSize="10000" queue.timeoutEnqueue="600000")\n';

export interface Output {
  readonly module?: string;
  /** A line of configuration. */
  readonly action: (directory: string) => string;
  /** How many events are there. */
  readonly count: (directory: string) => Promise<number>;
}

/** Runs rsyslogd with this output only, fed by the same sender with the same lines. Rejects when its packages cannot be had. */
export async function measureRsyslog(t: Cleanup, { module, action, count }: Output, events: number): Promise<Measured> {
  const unpacked = await unpackDebian('rsyslog-outputs', ['rsyslog', ...OUTPUTS, ...LIBRARIES]);
  const directory = temporaryDirectory(t);
  const port = await freePort();
  const file = path.join(directory, 'conf');
  const load = ['imptcp', ...(module === undefined ? [] : [module])].map((name) => `module(load="${name}")\n`).join('');
  const input = `input(type="imptcp" address="127.0.0.1" port="${port}")\n`;
  writeFileSync(file, `global(workDirectory="${directory}")\n${QUEUE}${load}${input}${DOCUMENT}${action(directory)}\n`);
  const args = ['-n', '-f', file, '-i', path.join(directory, 'pid'), '-M', path.join(unpacked.libraries, 'rsyslog')];
  const daemon = startDaemon(t, path.join(unpacked.root, 'usr/sbin/rsyslogd'), args, unpacked.environment);
  await accepts(port, daemon);
  const { warmUp, corpus } = sinkCorpus(t, NOBODY, events);
  const counted = async (wanted: number): Promise<void> =>
    untilTrue(`rsyslog to write ${wanted} events`, async () => {
      if (daemon.exitCode !== null) throw new Error(`rsyslogd ended: ${daemon.said}`);
      return (await count(directory)) >= wanted;
    });
  await runSender('send-file.ts', [`127.0.0.1:${port}`, warmUp.file]);
  await counted(warmUp.events);
  const before = cpuSeconds(daemon.pid!);
  const begin = performance.now();
  await runSender('send-file.ts', [`127.0.0.1:${port}`, corpus.file]);
  await counted(warmUp.events + corpus.events);
  const ms = performance.now() - begin;
  return { process: ((cpuSeconds(daemon.pid!) - before) / events) * 1e6, rate: (events / ms) * 1000 };
}
