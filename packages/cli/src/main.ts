import { CommanderError } from 'commander';
import { Failure, failureText, reasonOf } from './errors/failure.ts';
import { processIo, type Io } from './io.ts';
import { createProgram } from './program.ts';

/** The reader went away, e.g. `| head`: nothing is wrong. */
function isBrokenPipe(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
}

interface ServerError {
  readonly title: string;
  readonly detail: string | undefined;
}

/** Errors of the server's parts that run in this process are told like its answers. */
function isServerError(error: unknown): error is Error & ServerError {
  return error instanceof Error && error.name === 'MeniscusError' && 'title' in error;
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isServerError(error)) return new Failure(error.title, { notes: error.detail?.split('\n') ?? [], cause: error });
  const stack = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 6) : [];
  return new Failure(`unexpected: ${reasonOf(error)}`, {
    notes: [...stack.map((line) => line.trim()), 'This is a defect of the command: please report it.'],
  });
}

/** Runs one command line (without the program's name). Resolves with the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    await createProgram(io).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (isBrokenPipe(error)) return 0;
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const failure = asFailure(error);
    io.stderr.write(`${failureText(failure)}\n`);
    return failure.exitCode;
  }
}

/** The command of this process. */
export async function main(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!isBrokenPipe(error)) throw error;
      process.exit(0);
    });
  }
  process.exitCode = await run(process.argv.slice(2), processIo());
}
