import { readFile } from 'node:fs/promises';

/** Reads a secret from a file each time that a sink connects, so that a new one is found; white space around it is none of it. Rejects when it is not one line. */
export async function readSecret(path: string): Promise<string> {
  const text = (await readFile(path, 'utf8').catch((error: unknown) => unreadable(path, error))).trim();
  if (text === '') throw new Error(`${path} is empty: it should hold a secret`);
  if (/[\r\n]/.test(text)) throw new Error(`${path} has more than one line: it should hold a secret`);
  return text;
}

export function unreadable(path: string, error: unknown): never {
  throw new Error(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`, { cause: error });
}
