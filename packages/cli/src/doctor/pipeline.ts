import { mergedSources, type Pipeline, type PipelineSink, type PipelineSource } from '../api/pipeline.ts';
import { ApiFailure } from '../errors/problem.ts';
import { bytes, count, plural, seconds, time } from '../output/human.ts';
import type { Session } from '../session.ts';
import { fine, problem, warning, type Finding } from './finding.ts';
import { lookFailed } from './look.ts';

/** The store itself writes what it collected once a minute. */
const LAG_SECONDS = 180;

function sourceName({ type, name, tcp, udp }: PipelineSource): string {
  return [name ?? type, tcp ?? udp].filter((part) => part !== undefined).join(' ');
}

export function examineSource(source: PipelineSource): Finding[] {
  const name = sourceName(source);
  const findings: Finding[] = [];
  const { kernel_drops: kernel = 0, congestion_drops: congested = 0, refused = {} } = source;
  if (kernel > 0) {
    const mend = 'Raise net.core.rmem_max, let senders use TCP, or give the service more ingest threads.';
    findings.push(warning('udp_drops', `${name}: the kernel dropped ${plural(kernel, 'UDP packet')}`, mend));
  }
  if (congested > 0) {
    const mend = 'The queue was full for a time: look at the disk and the sinks; let senders use TCP, which waits.';
    findings.push(warning('udp_drops', `${name}: ${plural(congested, 'UDP packet')} dropped while the queue was full`, mend));
  }
  const reasons = Object.entries(refused).filter(([, n]) => n > 0);
  if (reasons.length > 0) {
    const text = reasons.map(([reason, n]) => `${reason} ${count(n)}`).join(', ');
    const mend = 'meniscus doctor ADDRESS says it of one sender; meniscus dead-letters list (--operator) of all.';
    findings.push(warning('refused', `${name}: refused since the start: ${text}`, mend));
  }
  return findings.length > 0 ? findings : [fine('source', `${name}: ${plural(source.events, 'event')}, nothing refused or dropped`)];
}

export function examineQueue({ bytes: size, age_seconds: age, full, warnings = [], shards = [] }: Pipeline['queue']): Finding[] {
  const findings: Finding[] = warnings.map((text) => warning('queue', text, 'See why a sink does not go on (below), or raise the limit.'));
  const broken = shards.reduce((sum, shard) => sum + (shard.quarantined ?? 0), 0);
  if (broken > 0) {
    const mend = 'The disk has lost data: look at it, and keep the set-aside files for an examination.';
    findings.push(problem('queue', `${plural(broken, 'damaged file')} of the queue set aside`, mend));
  }
  if (full !== null) {
    const mend = 'Make room on the disk or see why a sink does not go on (below).';
    return [...findings, problem('queue', `the queue is full (${full}): no event is taken`, mend)];
  }
  const what = `${bytes(size)} in the queue, its oldest file was begun ${seconds(age)} ago`;
  return [...findings, fine('queue', what)];
}

export function examineSink({ name, lag, last_error: error, since_ok: sinceOk, refused = 0 }: PipelineSink): Finding[] {
  const behind = `${name} is ${plural(lag.events, 'event')} (${bytes(lag.bytes)}) behind`;
  const last = error === null ? '' : `; last error ${time(error.time)}: ${error.text}`;
  if (lag.seconds !== null && lag.seconds > LAG_SECONDS) {
    const mend =
      error === null
        ? 'It may only be catching up: look again in a minute with meniscus pipeline.'
        : 'Mend what the error tells of; it goes on by itself.';
    return [warning('sink', `${behind}, ${seconds(lag.seconds)} in time${last}`, mend)];
  }
  if (sinceOk === null)
    return [problem('sink', `${name} takes nothing now${last}; ${behind}`, 'Mend what the error tells of; it goes on by itself.')];
  if (refused > 0) {
    const mend = 'meniscus dead-letters list shows the events and what the server said.';
    return [warning('sink', `${name} refused ${plural(refused, 'event')} since the start`, mend)];
  }
  return [fine('sink', `${behind}${last}`)];
}

export function examineFindings({ sources, queue, sinks, dead_letters: letters }: Pipeline): Finding[] {
  const findings = [...mergedSources(sources).flatMap(examineSource), ...examineQueue(queue), ...sinks.flatMap(examineSink)];
  if (letters !== undefined && letters.dropped > 0) {
    const mend = 'Mend the senders, then redrive or drop: meniscus dead-letters --help.';
    findings.push(warning('dead_letters', `${count(letters.dropped)} dead letters are gone because of the limit`, mend));
  }
  return findings;
}

/** What the operator can see: the way of the events. */
export async function examinePipeline(session: Session): Promise<Finding[]> {
  try {
    return examineFindings(await session.client.json<Pipeline>('/v1/pipeline'));
  } catch (error) {
    if (error instanceof ApiFailure && error.problem.status === 403) {
      return [
        warning('key', "the key is a tenant's: sources, queue and sinks cannot be seen", "Use the operator's key for a whole examination."),
      ];
    }
    return [lookFailed('key', error)];
  }
}
