/** A stream that may be a terminal. */
export interface Screen extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Everything that a command has of its surroundings; tests give their own. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Aborted by the first SIGINT or SIGTERM. Only commands that end well on it ask; for the others a signal ends the process as usual. */
  readonly interrupted: () => AbortSignal;
}

/** Those of the running process. */
export function processIo(): Io {
  let controller: AbortController | undefined;
  const interrupted = (): AbortSignal => {
    if (controller !== undefined) return controller.signal;
    const made = new AbortController();
    controller = made;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => made.abort());
    return made.signal;
  };
  return { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd(), interrupted };
}

/** Writes and waits while the reader is behind. */
export async function write(screen: Screen, data: string | Uint8Array): Promise<void> {
  if (screen.write(data)) return;
  await new Promise<void>((resolve, reject) => {
    const done = (): void => {
      screen.off('drain', done);
      screen.off('error', failed);
      resolve();
    };
    const failed = (error: Error): void => {
      screen.off('drain', done);
      reject(error);
    };
    screen.once('drain', done);
    screen.once('error', failed);
  });
}
