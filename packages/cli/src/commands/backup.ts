import path from 'node:path';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { wrongUsage } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { bytes, plural } from '../output/human.ts';
import { serverParts } from '../server.ts';
import type { Session } from '../session.ts';

interface BackupAnswer {
  readonly backup: { readonly directory: string; readonly created_at: string; readonly files: number; readonly bytes: number };
}

/** The service writes the backup, in its directory of backups; `./name` is no name but a path, which means this folder only where both are on one computer. */
function targetOf(session: Session, directory: string): string {
  if (!/^\.\.?(\/|$)/.test(directory)) return directory;
  const { hostname } = new URL(session.connection.url);
  if (hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')) return path.resolve(session.io.cwd, directory);
  throw wrongUsage('the service is on another computer, and makes the backup there', 'Give a name.');
}

async function backup(session: Session, _options: unknown, directory: string): Promise<void> {
  const text = await session.client.text('/v1/backup', { method: 'POST', json: { directory: targetOf(session, directory) } });
  await session.out.answer<BackupAnswer>(text, {
    table: ({ backup: made }) =>
      `${made.directory}: ${plural(made.files, 'file')}, ${bytes(made.bytes)}; everything acknowledged before ${made.created_at} is in it`,
  });
}

async function restore(session: Session, _options: unknown, directory: string): Promise<void> {
  const { restoreBackup } = await serverParts.restore();
  const { dataDir } = session;
  const { created_at, files } = await restoreBackup(path.resolve(session.io.cwd, directory), dataDir);
  await session.out.answer(JSON.stringify({ restored: { data_dir: dataDir, created_at, files: files.length } }), {
    table: () => `${dataDir} is as it was at ${created_at} (${plural(files.length, 'file')}). Start the service with --data-dir ${dataDir}`,
  });
}

export function addBackup(program: Command, io: Io): void {
  program
    .command('backup')
    .description('make a backup while the service runs; it holds all events and keys')
    .argument('<name>', "a new directory, inside the service's backup_dir")
    .action(action(io, backup));
}

export function addRestore(program: Command, io: Io): void {
  program
    .command('restore')
    .description('fill an empty data directory from a backup; no service may run there')
    .argument('<directory>', 'the backup; it stays as it is')
    .action(action(io, restore));
}
