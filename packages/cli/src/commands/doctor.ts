import type { Command } from 'commander';
import { action } from '../command.ts';
import { examine } from '../doctor/examine.ts';
import { investigate } from '../doctor/sender.ts';
import { Failure } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { plural } from '../output/human.ts';
import { printable } from '../output/printable.ts';
import type { Finding } from '../doctor/finding.ts';
import type { Session } from '../session.ts';

function findingText(session: Session, { level, what, mend }: Finding): string {
  const { good, warn, bad } = session.out.colours;
  const mark = { ok: good('ok  '), warning: warn('warn'), problem: bad('FAIL') }[level];
  const line = `${mark}  ${printable(what)}`;
  return mend === undefined ? line : `${line}\n      ${printable(mend)}`;
}

async function run(session: Session, _options: unknown, address: string | undefined): Promise<void> {
  if (address !== undefined) return investigate(session, address);
  const findings = await examine(session);
  const text = JSON.stringify({ findings });
  await session.out.answer<{ findings: readonly Finding[] }>(text, {
    items: 'findings',
    table: (data) => data.findings.map((finding) => findingText(session, finding)).join('\n'),
  });
  const problems = findings.filter(({ level }) => level === 'problem').length;
  if (problems > 0) throw new Failure(`${plural(problems, 'problem')} found`);
}

export function addDoctor(program: Command, io: Io): void {
  program
    .command('doctor')
    .description('check a running service and say what to mend; with an address, what that sender sent last and why it was refused')
    .argument('[address]', 'the IP address of a sender')
    .action(action<unknown, [string | undefined]>(io, run));
}
