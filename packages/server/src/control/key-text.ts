import { hash, randomBytes } from 'node:crypto';

const PATTERN = /^msk_[A-Za-z0-9_-]{43}$/;

/** The text of a new API key: 256 random bits. */
export function newKeyText(): string {
  return `msk_${randomBytes(32).toString('base64url')}`;
}

export function isKeyText(text: string): boolean {
  return PATTERN.test(text);
}

/** SHA-256 in hex, all that is kept of a key. No salt and no slow hash: a text of 256 random bits cannot be guessed from it. */
export function keyHash(text: string): string {
  return hash('sha256', text);
}
