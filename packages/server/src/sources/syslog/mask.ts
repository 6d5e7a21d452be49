import type { TenantView } from '../../control/tenant.ts';
import { maskSecrets, maskTokens } from './credentials.ts';
import type { Message } from './message.ts';

/** Hides the tenant's tokens in a text; most have none, and are not copied. */
export function maskedText(buffer: Buffer, tenant: TenantView): Buffer {
  const { valid, previous } = tenant.token;
  if (!has(buffer, valid) && !has(buffer, previous)) return buffer;
  return Buffer.from(maskTokens(buffer.latin1Slice(), tenant), 'latin1');
}

function has(buffer: Buffer, token: string | null): boolean {
  return token !== null && token !== '' && buffer.includes(token, 0, 'latin1');
}

/** Credentials that stood where a broken header was read may be in its words. */
export function maskHeader(message: Message, tenant: TenantView): void {
  const mask = (word: string): string => maskTokens(maskSecrets(word), tenant);
  message.host = mask(message.host);
  message.pname = mask(message.pname);
  message.msgid = mask(message.msgid);
  message.pidText = mask(message.pidText);
}

/** Hides the tenant's tokens in the values of an element. */
export function maskValues(element: Record<string, unknown>, tenant: TenantView): void {
  for (const name in element) {
    const value = element[name];
    if (Array.isArray(value)) element[name] = value.map((text) => maskTokens(String(text), tenant));
    else element[name] = maskTokens(String(value), tenant);
  }
}
