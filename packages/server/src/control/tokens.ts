import { randomUUID } from 'node:crypto';
import { MeniscusError } from '../errors.ts';
import { changeTenant } from './context.ts';
import type { ControlContext } from './context.ts';
import type { TokenRecord } from './control.ts';
import { timestamp } from './record.ts';

/** A tenant's first token. The minimum between changes counts from here too (2013). */
export function firstToken(nowMs: number): TokenRecord {
  return { valid: randomUUID(), previous: null, last_changed: timestamp(nowMs) };
}

/**
 * 2013's rules: within the minimum a token is only changed with `invalidateNow`, which revokes the valid and the previous one; else the old one stays accepted as
 * `previous`. Of two resets at the same time one is refused: its caller would show a token that is no longer valid.
 */
export async function resetToken(context: ControlContext, id: string, invalidateNow: boolean): Promise<TokenRecord> {
  const valid = randomUUID();
  const changed = await changeTenant(context, id, (stored, first) => {
    if (stored.token.valid !== first.token.valid) throw new MeniscusError('conflict', 'the token was just changed');
    if (!invalidateNow) checkAge(context, stored.token);
    const previous = invalidateNow ? null : stored.token.valid;
    return { ...stored, token: { valid, previous, last_changed: timestamp(context.now()) } };
  });
  return changed.token;
}

function checkAge(context: ControlContext, token: TokenRecord): void {
  const age = context.now() - Date.parse(token.last_changed);
  // A negative age: the clock was set back. Nobody should wait for it to catch up.
  if (age < 0 || age >= context.tokenResetMinimum) return;
  const next = new Date(context.now() + context.tokenResetMinimum - age).toISOString();
  throw new MeniscusError('token_too_young', `possible again at ${next}, or at once with invalidate_now, which revokes the old token`);
}
