import { createInterface } from 'node:readline/promises';
import { Failure, wrongUsage } from './errors/failure.ts';
import type { Io } from './io.ts';

/** How long an answer that is piped in may take. */
const PIPED_MS = 5_000;

/** Asks before something that cannot be undone. Without a terminal the answer may be piped in; where none comes, `--yes` is needed. */
export async function confirm(io: Io, yes: boolean | undefined, question: string): Promise<void> {
  if (yes === true) return;
  const answer = await (io.stdin.isTTY === true ? asked(io, question) : piped(io, question));
  if (answer === undefined) throw wrongUsage('this cannot be undone, and there is nobody to ask', 'Give --yes.');
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('not done');
}

async function asked(io: Io, question: string): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    return await lines.question(`${question} [y/N] `);
  } finally {
    lines.close();
  }
}

/** The first line of standard input; undefined when it ends, or nothing comes. */
async function piped(io: Io, question: string): Promise<string | undefined> {
  io.stderr.write(`${question} [y/N] `);
  const lines = createInterface({ input: io.stdin });
  const timer = setTimeout(() => lines.close(), PIPED_MS);
  try {
    for await (const line of lines) return line;
    return undefined;
  } finally {
    clearTimeout(timer);
    lines.close();
    io.stderr.write('\n');
  }
}
