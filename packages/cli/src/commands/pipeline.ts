import type { Command } from 'commander';
import { mergedSources, type Pipeline, type PipelineSink, type PipelineSource } from '../api/pipeline.ts';
import { action } from '../command.ts';
import type { Io } from '../io.ts';
import { bytes, count, seconds, time } from '../output/human.ts';
import type { Output } from '../output/output.ts';

function refusedText({ refused = {} }: PipelineSource): string {
  return Object.entries(refused)
    .map(([reason, n]) => `${reason} ${count(n)}`)
    .join(', ');
}

function sourceTable(out: Output, sources: readonly PipelineSource[]): string {
  const rows = mergedSources(sources).map((source) => [
    source.name ?? source.type,
    source.tenant,
    source.tcp ?? source.udp,
    count(source.events),
    bytes(source.bytes),
    count(source.connections ?? 0),
    count((source.kernel_drops ?? 0) + (source.congestion_drops ?? 0)),
    refusedText(source),
  ]);
  const head = ['source', 'tenant', 'address', 'events', 'bytes', 'open', 'dropped', 'refused'];
  return out.table({ head, rows, right: [3, 4, 5, 6] });
}

function sinkTable(out: Output, sinks: readonly PipelineSink[]): string {
  const rows = sinks.map(({ name, type, lag, retries, last_error: error, since_ok: sinceOk, events, refused }) => [
    name,
    type,
    count(lag.events),
    bytes(lag.bytes),
    lag.seconds === null ? '' : seconds(lag.seconds),
    sinceOk === null ? out.colours.bad('no') : 'yes',
    events === undefined ? '' : count(events),
    refused === undefined ? '' : count(refused),
    count(retries),
    error === null ? '' : `${time(error.time)} ${error.text}`,
  ]);
  return out.table({
    head: ['sink', 'type', 'events behind', 'bytes', 'age', 'works', 'taken', 'refused', 'retries', 'last error'],
    rows,
    right: [2, 3, 4, 6, 7, 8],
  });
}

function tableOf(out: Output, { sources, queue, sinks, dead_letters: letters }: Pipeline): string {
  const state = queue.full === null ? '' : ` ${out.colours.bad(`FULL: ${queue.full}`)}`;
  const parts = [
    sourceTable(out, sources),
    `queue: ${bytes(queue.bytes)}, its oldest file was begun ${seconds(queue.age_seconds)} ago${state}`,
    sinkTable(out, sinks),
    ...(queue.warnings ?? []).map((text) => out.colours.bad(`warning: ${text}`)),
  ];
  if (letters !== undefined) parts.push(`dead letters: ${count(letters.kept)} kept, ${count(letters.dropped)} gone because of the limit`);
  return parts.join('\n\n');
}

export function addPipeline(program: Command, io: Io): void {
  program
    .command('pipeline')
    .description('the way of the events, live: sources, queue, sinks')
    .action(
      action(io, async (session) =>
        session.out.answer<Pipeline>(await session.client.text('/v1/pipeline'), { table: (data) => tableOf(session.out, data) }),
      ),
    );
}
