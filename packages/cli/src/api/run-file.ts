import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../errors/failure.ts';

/** What a running service writes into its data directory. */
export interface RunFile {
  readonly pid: number;
  readonly version: string;
  readonly http: string;
  readonly syslog: { readonly tcp?: string; readonly udp?: string };
  readonly listeners: readonly {
    readonly type: string;
    readonly name?: string;
    readonly tenant?: string;
    readonly tcp?: string;
    readonly udp?: string;
  }[];
}

export const ADMIN_KEY = 'admin.key';
export const RUN_FILE = 'run.json';

export function missing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR';
}

/** run.json of a data directory; undefined when there is none: no service runs on it. */
export function readRunFile(dataDir: string): RunFile | undefined {
  const file = path.join(dataDir, RUN_FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (missing(error)) return undefined;
    throw new Failure(`cannot read ${file}`, { cause: error, notes: [noteOf(error)] });
  }
  try {
    const run = JSON.parse(text) as Partial<RunFile> | null;
    if (typeof run?.http !== 'string') throw new TypeError('no address in it');
    return { pid: 0, version: '', syslog: {}, listeners: [], ...run, http: run.http };
  } catch (error) {
    throw new Failure(`${file} is damaged`, { cause: error, notes: ['Restart the service: it writes the file anew.'] });
  }
}

/** Why a file cannot be read, for the note below the message. */
export function noteOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'Permission denied: run this as the user of the service.';
  return message;
}

/** Reads a secret from a file, without the line end. */
export function readSecret(file: string, what: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`cannot read the ${what} from ${file}`, { cause: error, notes: [noteOf(error)] });
  }
  return checkSecret(text, what, file);
}

/** One line of printable ASCII: anything else cannot be sent in a header, and is surely the wrong file. */
export function checkSecret(text: string, what: string, from: string): string {
  const secret = text.trim();
  if (/^[\u0021-\u007E]{1,4096}$/.test(secret)) return secret;
  throw new Failure(`${from} holds no ${what}`, { notes: ['It must hold one line of text without spaces.'] });
}

/** Whether a process runs. */
export function alive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
