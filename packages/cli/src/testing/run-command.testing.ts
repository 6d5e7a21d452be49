import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { run } from '../main.ts';
import type { Io } from '../io.ts';

export interface Surroundings {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string | Readable;
  readonly cwd?: string;
  /** Makes standard output and error a terminal. */
  readonly terminal?: boolean;
  /** Ends what waits for it. */
  readonly interrupt?: AbortSignal;
  /** Called with everything written to standard output so far. */
  readonly onOutput?: (text: string) => void;
  /** The same for standard error. */
  readonly onNote?: (text: string) => void;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function collector(terminal: boolean, onOutput?: (text: string) => void): Writable & { text: string; isTTY?: boolean; columns?: number } {
  const stream = Object.assign(new Writable(), { text: '', ...(terminal ? { isTTY: true, columns: 100 } : {}) });
  stream._write = (chunk: Buffer | string, _encoding, done): void => {
    stream.text += chunk.toString();
    onOutput?.(stream.text);
    done();
  };
  return stream;
}

/** Runs a command line in this process, in an empty folder and environment of its own. */
export async function runCommand(args: readonly string[], around: Surroundings = {}): Promise<Outcome> {
  const home = mkdtempSync(path.join(tmpdir(), 'meniscus-cli-'));
  try {
    const stdout = collector(around.terminal === true, around.onOutput);
    const stderr = collector(around.terminal === true, around.onNote);
    const stdin =
      around.stdin instanceof Readable ? around.stdin : Readable.from(around.stdin === undefined ? [] : [Buffer.from(around.stdin)]);
    const io: Io = {
      stdin: stdin as Io['stdin'],
      stdout,
      stderr,
      env: { HOME: home, ...around.env },
      cwd: around.cwd ?? home,
      interrupted: () => around.interrupt ?? new AbortController().signal,
    };
    const code = await run(args, io);
    return { code, stdout: stdout.text, stderr: stderr.text };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
