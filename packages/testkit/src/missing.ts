import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What to do without a real client or server: an error in CI, a loud skip elsewhere. Gives the reason for `t.skip`. */
export function missing(what: string, cause: unknown): string {
  const reason = `${what} could not be installed: ${cause instanceof Error ? cause.message : String(cause)}`;
  if (process.env['CI']) throw new Error(reason, { cause });
  console.error(`SKIPPED: ${reason}`);
  return reason;
}

/** The reason for `t.skip` when a program is not on this computer; undefined when it is. */
export async function lacks(program: string): Promise<string | undefined> {
  try {
    await execute('sh', ['-c', `command -v ${program}`]);
    return undefined;
  } catch (error) {
    return missing(program, error);
  }
}
