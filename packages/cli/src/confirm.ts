import { createInterface } from 'node:readline/promises';
import { Failure, wrongUsage } from './errors/failure.ts';
import type { Io } from './io.ts';

/** Asks before something that cannot be undone. Without a terminal nobody can answer: then `--yes` is needed. */
export async function confirm(io: Io, yes: boolean | undefined, question: string): Promise<void> {
  if (yes === true) return;
  if (io.stdin.isTTY !== true) throw wrongUsage('this cannot be undone, and there is no terminal to ask on', 'Give --yes.');
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('not done');
  } finally {
    lines.close();
  }
}
