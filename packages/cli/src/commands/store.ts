import path from 'node:path';
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { StoreCheck } from '../../../server/src/store/tools/check.ts';
import type { StoreRepair } from '../../../server/src/store/tools/repair.ts';
import type { StoreStats } from '../../../server/src/store/tools/stats.ts';
import { action } from '../command.ts';
import { Failure } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { bytes, count, plural, time } from '../output/human.ts';
import type { Output } from '../output/output.ts';
import { serverParts } from '../server.ts';
import type { Session } from '../session.ts';

/** Where the store lies within a data directory. */
const STORE_DIRECTORY = 'store';

function storeOf(session: Session): string {
  const directory = path.join(session.dataDir, STORE_DIRECTORY);
  if (existsSync(directory)) return directory;
  throw new Failure(`there is no store in ${session.dataDir}`, { notes: ['Say where the data directory is: --data-dir.'] });
}

/** Works on the store as its only user: refused while the service runs, and the service does not start meanwhile. */
async function alone<T>(session: Session, work: (store: string) => Promise<T> | T): Promise<T> {
  const store = storeOf(session);
  const { openDataDir } = await serverParts.dataDir();
  const directory = await openDataDir(session.dataDir);
  try {
    return await work(store);
  } finally {
    await directory.close();
  }
}

/** Shows which file is being read, where somebody looks at the screen; the line is written over by the next. */
function progressOf({ io }: Session): (segment: string) => void {
  if (io.stderr.isTTY !== true) return () => undefined;
  return (segment) => void io.stderr.write(`\r\u001B[K${segment}`);
}

function endProgress({ io }: Session): void {
  if (io.stderr.isTTY === true) io.stderr.write('\r\u001B[K');
}

function checkText(out: Output, { segments, quarantined, temporary }: StoreCheck): string {
  const rows = segments.flatMap(({ segment, unusable, problems }) => [
    ...(unusable === undefined ? [] : [[segment, '', unusable]]),
    ...problems.map((problem) => [
      segment,
      `${problem.part} of tenant ${problem.block.tenant}, ${plural(problem.block.rows, 'event')}`,
      problem.reason,
    ]),
  ]);
  const events = segments.reduce((sum, segment) => sum + segment.rows, 0);
  const size = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const lines = [
    `${plural(segments.length, 'segment')} with ${plural(events, 'event')} in ${bytes(size)}: ${rows.length === 0 ? 'all sound' : plural(rows.length, 'problem')}`,
  ];
  if (quarantined.length > 0) lines.push(`${plural(quarantined.length, 'file')} in quarantine`);
  if (temporary.length > 0) lines.push(`${plural(temporary.length, 'file')} of interrupted writing, which the next start removes`);
  return [...(rows.length === 0 ? [] : [out.table({ head: ['segment', 'part', 'problem'], rows }), '']), ...lines].join('\n');
}

async function check(session: Session): Promise<void> {
  const { checkStore } = await serverParts.storeCheck();
  const result = await alone(session, (store) => checkStore(store, progressOf(session)));
  endProgress(session);
  await session.out.answer<StoreCheck>(JSON.stringify(result), { items: 'segments', table: (data) => checkText(session.out, data) });
  if (!result.ok)
    throw new Failure('the store is damaged', { notes: ['meniscus store repair saves what can be read; copy the data directory before.'] });
}

function repairText(out: Output, { segments }: StoreRepair): string {
  if (segments.length === 0) return 'Nothing to repair: the store is sound.';
  const rows = segments.map(({ segment, output, kept, lost, uncertain, refused }) => [
    segment,
    output,
    count(kept.rows),
    `${plural(lost.length, 'block')}${uncertain ? ', perhaps more' : ''}`,
    refused,
  ]);
  return out.table({ head: ['segment', 'became', 'events kept', 'lost', 'not done because'], rows, right: [2] });
}

async function repair(session: Session): Promise<void> {
  const { repairStore } = await serverParts.storeRepair();
  const result = await alone(session, (store) => repairStore(store, progressOf(session)));
  endProgress(session);
  await session.out.answer<StoreRepair>(JSON.stringify(result), { items: 'segments', table: (data) => repairText(session.out, data) });
}

function isoOf(micros: number): string {
  return Number.isFinite(micros) ? time(new Date(micros / 1_000).toISOString()) : '-';
}

function statsText(out: Output, stats: StoreStats): string {
  const rows = stats.tenants.map((tenant) => [
    tenant.tenant,
    count(tenant.rows),
    bytes(tenant.bytes),
    tenant.rows === 0 ? '' : (tenant.bytes / tenant.rows).toFixed(1),
    count(tenant.blocks),
    isoOf(tenant.minTime),
    isoOf(tenant.maxTime),
  ]);
  const head = ['tenant number', 'events', 'on disk', 'bytes/event', 'blocks', 'first', 'last'];
  const lines = [`${plural(stats.segments, 'segment')} with ${plural(stats.rows, 'event')} in ${bytes(stats.bytes)}`];
  if (stats.quarantined > 0) lines.push(`${plural(stats.quarantined, 'file')} in quarantine`);
  if (stats.unusable.length > 0) lines.push(`cannot be read: ${stats.unusable.join(', ')}`);
  return [lines.join('\n'), ...(rows.length === 0 ? [] : [out.table({ head, rows, right: [0, 1, 2, 3, 4] })])].join('\n\n');
}

async function stats(session: Session): Promise<void> {
  const { storeStats } = await serverParts.storeStats();
  const result = storeStats(storeOf(session));
  await session.out.answer<StoreStats>(JSON.stringify(result), { items: 'tenants', table: (data) => statsText(session.out, data) });
}

export function addStore(program: Command, io: Io): void {
  const store = program.command('store').description('the store in the data directory, without the service');
  store
    .command('check')
    .description('read every byte of the store and compare its checksums; the service must be stopped')
    .action(action(io, check));
  store
    .command('repair')
    .description('write damaged files anew with what can be read, the rest goes to quarantine; the service must be stopped')
    .action(action(io, repair));
  store.command('stats').description('what the files hold, by tenant; the service may run').action(action(io, stats));
}
