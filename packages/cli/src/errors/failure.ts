/** What ends a command with a message for its user: what failed, on what, and what to do. */
export class Failure extends Error {
  /** 1: failed; 2: wrong usage. */
  readonly exitCode: 1 | 2;
  /** Lines below the message: details, then what to do. */
  readonly notes: readonly string[];

  constructor(message: string, options: { readonly notes?: readonly string[]; readonly exitCode?: 1 | 2; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'Failure';
    this.exitCode = options.exitCode ?? 1;
    this.notes = options.notes ?? [];
  }
}

/** The command line is wrong, not what it is about. */
export function wrongUsage(message: string, ...notes: readonly string[]): Failure {
  return new Failure(message, { notes, exitCode: 2 });
}

/** The text of anything thrown, with those of its causes. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
  return error.cause === undefined ? own : `${own}: ${reasonOf(error.cause)}`;
}

/** The text of a Failure as it is shown. */
export function failureText(error: Failure): string {
  return [`meniscus: ${error.message}`, ...error.notes.map((note) => `  ${note}`)].join('\n');
}
