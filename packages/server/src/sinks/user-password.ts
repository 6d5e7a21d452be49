import { filePath, matching, ValueFault } from '../config/kinds.ts';
import { readSecret } from './secret-file.ts';
import type { SettingsTable } from './writer.ts';

export interface UserSettings {
  readonly username?: string;
  readonly password_file?: string;
}

/** What a sink takes whose server knows its users by passwords. */
export const userSettings: SettingsTable<UserSettings> = {
  username: {
    // RFC 7617 section 2: a colon ends the name.
    kind: matching('NAME', /^[^:\x00-\x1f\x7f]{1,256}$/, 'a name without a colon'),
    optional: true,
    text: 'The user, by basic authentication; with `password_file`.',
  },
  password_file: { kind: filePath, optional: true, text: 'A file with the password of `username`.' },
};

/** Throws ValueFault for one without the other. */
export function checkUser({ username, password_file }: UserSettings): void {
  if ((username === undefined) !== (password_file === undefined)) throw new ValueFault('needs username and password_file together');
}

export interface User {
  readonly username: string;
  readonly password: string;
}

/** Undefined when the settings name none. */
export async function readUser({ username, password_file }: UserSettings): Promise<User | undefined> {
  if (username === undefined || password_file === undefined) return undefined;
  return { username, password: await readSecret(password_file) };
}

/** What follows `Basic` in a header (RFC 7617). */
export function basicCredentials({ username, password }: User): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}
