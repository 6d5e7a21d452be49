import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from './lmdb.ts';

/** Copies an environment, as its last transaction left it, into `directory`, which is made; durable when it resolves. Others may write meanwhile. */
export async function backupEnvironment(environment: Environment, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await environment.backup(directory, true);
  const file = await open(path.join(directory, 'data.mdb'), 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
