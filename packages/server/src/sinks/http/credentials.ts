import { readSecret } from '../secret-file.ts';
import { basicCredentials, readUser } from '../user-password.ts';
import type { HttpSettings } from './kind.ts';

/** What every request carries, and what no text may show. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** Reads the files that the settings name. */
export async function readCredentials(settings: HttpSettings): Promise<Credentials> {
  const headers: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(settings.headers ?? {})) {
    headers[name] = typeof value === 'string' ? value : await readSecret(value.file);
    secrets.push(headers[name]);
  }
  if (settings.bearer_token_file !== undefined) {
    const token = await readSecret(settings.bearer_token_file);
    headers['authorization'] = `Bearer ${token}`;
    secrets.push(token);
  }
  const user = await readUser(settings);
  if (user !== undefined) {
    const credentials = basicCredentials(user);
    headers['authorization'] = `Basic ${credentials}`;
    secrets.push(user.password, credentials);
  }
  return { headers, secrets };
}
