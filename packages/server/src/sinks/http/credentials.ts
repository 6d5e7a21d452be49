import { readSecret } from '../secret-file.ts';
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
  if (settings.username !== undefined && settings.password_file !== undefined) {
    const password = await readSecret(settings.password_file);
    const pair = Buffer.from(`${settings.username}:${password}`).toString('base64');
    headers['authorization'] = `Basic ${pair}`;
    secrets.push(password, pair);
  }
  return { headers, secrets };
}
