import type { TenantView } from './control/tenant.ts';
import type { DeadLetter, DeadLetters } from './dead-letters/dead-letters.ts';
import { MeniscusError } from './errors.ts';
import type { Ingest } from './pipeline/ingest.ts';

/** Refusals that cannot come out otherwise: what was cut to be kept is not the event any more. */
const HOPELESS: ReadonlySet<string> = new Set(['event_too_large', 'too_large']);

function bytesOf(letter: DeadLetter): Uint8Array {
  return Uint8Array.from(Buffer.from(letter.raw, letter.encoding === 'base64' ? 'base64' : 'utf8'));
}

/**
 * Sends a tenant's dead letters through decoding, correlation and the queue again; their sender was authenticated when they came. A letter that is taken is removed; one that is refused
 * again comes back as a new letter, so that nothing is lost and nothing goes round by itself.
 */
export function createRedrive(ingest: Ingest, deadLetters: DeadLetters) {
  const again = async (tenant: TenantView, letter: DeadLetter): Promise<'taken' | 'refused'> => {
    try {
      const { rejected } = await ingest.publish(
        { tenant, body: bytesOf(letter), contentType: '', contentEncoding: '', remote: 'redrive' },
        new AbortController().signal,
      );
      return rejected === 0 ? 'taken' : 'refused';
    } catch (error) {
      if (error instanceof MeniscusError && error.status === 400) return 'refused';
      throw error;
    }
  };
  return async (tenant: TenantView, letters: readonly DeadLetter[]): Promise<number> => {
    let taken = 0;
    for (const letter of letters) {
      if (HOPELESS.has(letter.reason)) continue;
      if ((await again(tenant, letter)) === 'taken') taken++;
      await deadLetters.delete(tenant.number, { ids: [letter.id] });
    }
    return taken;
  };
}
