import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataDir, replaceFile } from '../component/data-dir.ts';
import { MeniscusError } from '../errors.ts';
import type { ControlStore } from './control-store.ts';
import { controlStores } from './index.ts';
import { isKeyText, keyHash, newKeyText } from './key-text.ts';
import { apiKeyKey, OPERATOR_KEYS, OPERATOR_READY } from './names.ts';
import { newStoredKey } from './stored-key.ts';
import type { StoredKey } from './stored-key.ts';

/** The administrator's key within the data directory: the text and a newline, mode 0600. */
export const ADMIN_KEY_FILE = 'admin.key';
/** Where the embedded control store lies within the data directory. */
export const CONTROL_DIRECTORY = 'control';

/**
 * Makes the first operator key. The file is written before the record: cut off between the two, the next start takes the file's key. Once done it is never done
 * again, also when every key was revoked on purpose.
 */
export async function ensureAdminKey(store: ControlStore, dataDir: string, nowMs: number): Promise<void> {
  if (store.get(OPERATOR_READY)) return;
  const path = join(dataDir, ADMIN_KEY_FILE);
  const text = readKey(path) ?? newKeyText();
  // Also when it is there already: so it has the right mode and owner.
  replaceFile(path, `${text}\n`);
  await register(store, text, nowMs);
  await store.put(OPERATOR_READY, true, null);
}

/**
 * `meniscus key recover`: makes another administrator's key and writes it to `admin.key`. Other keys stay valid: one that leaked is revoked with the new one.
 * Rejects with data_dir_in_use while the service runs and with bad_configuration when none ever ran there. Resolves with the file's path.
 */
export async function recoverAdminKey(dataDir: string): Promise<string> {
  if (!existsSync(join(dataDir, CONTROL_DIRECTORY)))
    throw new MeniscusError('bad_configuration', `no service has run in the data directory ${dataDir}`);
  const directory = await openDataDir(dataDir);
  try {
    const store = controlStores.embedded(join(directory.path, CONTROL_DIRECTORY));
    try {
      const text = newKeyText();
      await register(store, text, Date.now());
      await store.put(OPERATOR_READY, true);
      const path = join(directory.path, ADMIN_KEY_FILE);
      replaceFile(path, `${text}\n`);
      return path;
    } finally {
      await store.close();
    }
  } finally {
    await directory.close();
  }
}

function readKey(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return isKeyText(text) ? text : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`cannot read ${path}`, { cause: error });
  }
}

async function register(store: ControlStore, text: string, nowMs: number): Promise<void> {
  const hash = keyHash(text);
  for (const { value } of store.list<StoredKey>(OPERATOR_KEYS)) if (value.hash === hash) return;
  const stored = newStoredKey({ name: ADMIN_KEY_FILE, role: 'admin', hash, tenant: null, number: null, expires_at: null }, nowMs);
  await store.put(apiKeyKey(null, stored.id), stored, null);
}
