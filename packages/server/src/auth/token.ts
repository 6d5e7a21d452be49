import { createHash, timingSafeEqual } from 'node:crypto';

/** Digests have one length whatever was sent, so that a comparison tells nothing, not even how long the token is. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Whether a text is one of a tenant's message tokens; takes the same time for every wrong one. */
export function tokenMatches(token: { readonly valid: string; readonly previous: string | null }, text: string): boolean {
  const given = digest(text);
  const valid = timingSafeEqual(given, digest(token.valid));
  const previous = timingSafeEqual(given, digest(token.previous ?? token.valid)) && token.previous !== null;
  return valid || previous;
}
