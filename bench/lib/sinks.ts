import { setTimeout as delay } from 'node:timers/promises';
import { temporaryDirectory, writeSyslogCorpus, type CorpusFile, type Cleanup, type TestTenant } from '@meniscus/testkit';
import path from 'node:path';
import type { Row } from './case.ts';
import { cpuSeconds, threadSeconds } from './process-usage.ts';
import { runSender, searchable, startBench, type Bench } from './service.ts';

const DAY = { from: Date.now() - 86_400_000, spanMs: 86_000_000 };
const WARM_UP_SHARE = 0.25;
/** A longer silence is a defect. */
const LATE_MS = 300_000;
const POLL_MIN_MS = 50;
const POLL_SHARE = 0.05;
/** Threads that used less than this within a second do nothing. */
const QUIET_SECONDS = 0.05;
/** The kernel cuts names of threads. */
const NAME_MAX = 15;

/** What was measured of one that takes a corpus by syslog over TCP and puts it somewhere. */
export interface Measured {
  /** CPU-seconds per million events: of the whole process, and of the sink's thread where it has one. */
  readonly process: number;
  readonly thread?: number;
  /** Events per second from the first one sent to the last one safe. */
  readonly rate: number;
}

export interface SinkCorpus {
  readonly warmUp: CorpusFile;
  readonly corpus: CorpusFile;
}

/** The same lines for all that are compared, but for the tokens in them. */
export function sinkCorpus(t: Cleanup, tenants: readonly TestTenant[], events: number): SinkCorpus {
  const directory = temporaryDirectory(t);
  const make = (name: string, count: number): CorpusFile =>
    writeSyslogCorpus(path.join(directory, name), { ...DAY, events: count, tenants });
  return { warmUp: make('warm-up', Math.round(events * WARM_UP_SHARE)), corpus: make('corpus', events) };
}

/** Tenants for who does not know any. */
export const NOBODY: readonly TestTenant[] = Array.from({ length: 10 }, (_, i) => ({
  id: `tenant${i}`,
  token: `0ebcdb6a-fa82-4241-a806-0e936c01d80${i}`,
}));

interface PipelineView {
  readonly sinks: readonly { readonly name: string; readonly lag: { readonly events: number }; readonly events?: number }[];
}

/** The lag of sinks of a service, together. */
async function lagOf({ client }: Bench, names: readonly string[]): Promise<number> {
  const { body } = await client.call<PipelineView>('/v1/pipeline');
  return body.sinks.filter(({ name }) => names.includes(name)).reduce((sum, { lag }) => sum + lag.events, 0);
}

async function accepted({ client }: Bench): Promise<number> {
  const { body } = await client.call<{ sources: readonly { readonly events: number }[] }>('/v1/pipeline');
  return body.sources.reduce((sum, { events }) => sum + events, 0);
}

/** Polls after a small share of the time waited, which is an error of the time measured; not more often, since answers are work of who is measured. */
export async function untilTrue(what: string, probe: () => Promise<boolean>): Promise<void> {
  const begin = Date.now();
  while (!(await probe())) {
    const waited = Date.now() - begin;
    if (waited > LATE_MS) throw new Error(`waited too long for ${what}`);
    await delay(Math.max(POLL_MIN_MS, waited * POLL_SHARE));
  }
}

/** Waits until these sinks have all of so many events. */
export async function sunk(bench: Bench, names: readonly string[], events: number): Promise<void> {
  await untilTrue('the events to be taken', async () => (await accepted(bench)) >= events);
  await untilTrue(`${names.join()} to have everything`, async () => (await lagOf(bench, names)) === 0);
}

/** Waits until every event is found by searches. Segments on disk may be a minute away. */
export async function found(bench: Bench, events: number): Promise<void> {
  await untilTrue('the events to be searchable', async () => (await searchable(bench)) === events);
}

/** Resolves when no thread of these names works. */
export async function quiet(pid: number, names: RegExp): Promise<void> {
  for (let before = threadSeconds(pid, names); ;) {
    await delay(1000);
    const now = threadSeconds(pid, names);
    if (now - before < QUIET_SECONDS) return;
    before = now;
  }
}

/** The pattern of a sink's thread. */
export function threadOf(name: string): RegExp {
  return new RegExp(`^${`sink-${name}`.slice(0, NAME_MAX)}$`);
}

/** Runs a service whose events go to this sink only. */
export async function measureSink(
  t: Cleanup,
  settings: { readonly type: string; readonly [key: string]: unknown },
  events: number,
): Promise<Measured> {
  const name = settings.type;
  const bench = await startBench(t, { sinks: [{ name, ...settings }], default_sinks: [name] });
  const { warmUp, corpus } = sinkCorpus(t, bench.tenants, events);
  const { pid, syslog } = bench.service.run;
  await runSender('send-file.ts', [syslog.tcp, warmUp.file]);
  await sunk(bench, [name], warmUp.events);
  const before = { process: cpuSeconds(pid), thread: threadSeconds(pid, threadOf(name)) };
  const begin = performance.now();
  await runSender('send-file.ts', [syslog.tcp, corpus.file]);
  await sunk(bench, [name], warmUp.events + corpus.events);
  const ms = performance.now() - begin;
  const perMillion = (seconds: number): number => (seconds / events) * 1e6;
  const measured = {
    process: perMillion(cpuSeconds(pid) - before.process),
    thread: perMillion(threadSeconds(pid, threadOf(name)) - before.thread),
    rate: (events / ms) * 1000,
  };
  await bench.service.end();
  return measured;
}

/** The row of one sink or of what it is compared with. */
export function sinkRow(what: string, { process, thread, rate }: Measured): Row {
  const own = thread === undefined ? '' : `${thread.toFixed(2)} its thread, `;
  return {
    what: `${what}: CPU-seconds per million events; events per second`,
    result: `${own}${process.toFixed(2)} the whole process; ${Math.round(rate / 100) / 10}k`,
    budget: '',
  };
}

/** Ours beside that of the other, which receives and parses the lines too. */
export function ratioRow(what: string, ours: Measured, other: Measured, budget: string): Row {
  const of = (cpu: number): string => (cpu / other.process).toFixed(2);
  return {
    what: `${what}: CPU of ours, of rsyslog's whole process`,
    result: `${of(ours.thread!)} the sink's thread, ${of(ours.process)} the whole service without the store`,
    budget,
  };
}
