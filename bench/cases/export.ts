import http from 'node:http';
import { once } from 'node:events';
import path from 'node:path';
import { Client, startProcess, temporaryDirectory, writeSyslogCorpus, type Cleanup, type MeniscusProcess } from '@meniscus/testkit';
import { megabytes, type BenchCase, type Row } from '../lib/case.ts';
import { memory } from '../lib/process-usage.ts';
import { runSender, settled, startBench } from '../lib/service.ts';

/** A fifth of the events: the same file is sent five times, so that all lie in many segments side by side. */
const PART = Number(process.env['BENCH_EXPORT_EVENTS'] ?? 10_000_000) / 5;
const FORMATS = ['ndjson', 'parquet'] as const;
type Format = (typeof FORMATS)[number];

const LINE_END = 10;

/** Takes a whole export and keeps nothing of it. Gives its lines, as far as it has lines. */
async function take(client: Client, format: Format): Promise<{ readonly lines: number; readonly ms: number }> {
  const begin = performance.now();
  const url = `${client.url}${client.path('tenant0', `/export?format=${format}&from=0`)}`;
  const request = http.get(url, { headers: { authorization: `Bearer ${client.adminKey}` }, agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`the export answered ${response.statusCode}`);
  let lines = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (format === 'ndjson') for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) lines++;
  }
  return { lines, ms: performance.now() - begin };
}

interface Exported {
  readonly rate: number;
  readonly peak: number;
}

/** Exports everything from a service that was just started, and stops it: its peak is that of the export. */
async function exported(t: Cleanup, dataDir: string, format: Format, events: number): Promise<Exported> {
  const service = await startProcess(t, { dataDir });
  const { lines, ms } = await take(new Client(service), format);
  if (format === 'ndjson' && lines !== events) throw new Error(`${lines} of ${events} events were exported`);
  const { peak } = memory(service.run.pid);
  await service.end();
  return { rate: (events / ms) * 1000, peak };
}

async function allFormats(t: Cleanup, dataDir: string, events: number): Promise<ReadonlyMap<Format, Exported>> {
  const results = new Map<Format, Exported>();
  for (const format of FORMATS) {
    const result = await exported(t, dataDir, format, events);
    console.log(`${events} events as ${format}: ${Math.round(result.rate)} a second, at most ${megabytes(result.peak)}`);
    results.set(format, result);
  }
  return results;
}

function rowOf(format: Format, events: number, few: Exported, many: Exported): Row {
  const [a, b] = [PART / 1e6, events / 1e6];
  return {
    what: `export of ${b} M events as ${format}: events a second; most memory of the service, with ${a} M and ${b} M`,
    result: `${Math.round(many.rate / 1000)}k; ${megabytes(few.peak)}, ${megabytes(many.peak)}`,
    budget: '1.5 GB',
  };
}

export const exporting: BenchCase = {
  name: 'export',
  async run(t: Cleanup) {
    const first = await startBench(t);
    const { dataDir } = first.service;
    const corpus = writeSyslogCorpus(path.join(temporaryDirectory(t), 'corpus'), {
      events: PART,
      tenants: [first.tenants[0]!],
      from: Date.now() - 86_400_000,
      spanMs: 86_000_000,
    });
    const send = (service: MeniscusProcess): Promise<void> => runSender('send-file.ts', [service.run.syslog.tcp, corpus.file]);
    await send(first.service);
    await settled(first, PART);
    await first.service.end();
    const few = await allFormats(t, dataDir, PART);
    const service = await startProcess(t, { dataDir });
    for (let n = 1; n < 5; n++) await send(service);
    await settled({ ...first, service, client: new Client(service) }, 5 * PART);
    await service.end();
    const many = await allFormats(t, dataDir, 5 * PART);
    return FORMATS.map((format) => rowOf(format, 5 * PART, few.get(format)!, many.get(format)!));
  },
};
