import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory, until, type Cleanup } from '@meniscus/testkit';
import { startDaemon } from './daemon.ts';
import { execute } from './service.ts';

/** What comes from its sockets, and nothing of the kernel. */
const CONFIG = '[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\n';

/** journald takes its sockets and files from below /run, so it gets a /run of its own. */
const START = `
mount --bind "$1" /run
exec /usr/lib/systemd/systemd-journald
`;

/**
 * Starts systemd's journal in a mount namespace, without an init and out of sight of the computer's own journal; gives the id of a process in it.
 * Rejects where there is no journald, or no right to make a namespace.
 */
export async function startJournal(t: Cleanup): Promise<number> {
  const run = temporaryDirectory(t);
  for (const folder of ['log/journal', 'systemd/journal', 'systemd/journald.conf.d'])
    mkdirSync(path.join(run, folder), { recursive: true });
  writeFileSync(path.join(run, 'systemd/journald.conf.d/e2e.conf'), CONFIG);
  const journal = startDaemon(t, 'unshare', ['--mount', 'sh', '-ec', START, 'sh', run], process.env);
  await until('journald to answer', async () => {
    if (journal.exitCode !== null) throw new Error(`journald cannot run here: ${journal.said}`);
    const written = await execute('nsenter', ['--target', String(journal.pid), '--mount', 'journalctl', '--quiet', '--output=cat']).catch(
      () => undefined,
    );
    return written !== undefined && written.stdout.includes('Journal started');
  });
  return journal.pid!;
}
