import type { TenantView } from './control/tenant.ts';
import type { DeadLetter, DeadLetters } from './dead-letters/dead-letters.ts';
import { MeniscusError } from './errors.ts';
import { limits } from './limits.ts';
import { REDRIVE, type Ingest } from './pipeline/ingest.ts';

/** Refusals that cannot come out otherwise: what was cut to be kept is not the event any more. */
const HOPELESS: ReadonlySet<string> = new Set(['event_too_large', 'too_large']);

/** What was refused as JSON is JSON again: else an element like `12` would be taken as a line of text. */
function contentTypeOf(reason: string): string {
  return reason === 'malformed_json' || reason.startsWith('event_') ? 'application/json' : '';
}

function bytesOf({ raw, encoding }: DeadLetter): Buffer {
  return Buffer.from(raw, encoding === 'base64' ? 'base64' : 'utf8');
}

/** The body again. An element alone would be a body of its own: what stood in an array as `["x"]` would be an array of the event x. */
function bodyOf(letter: DeadLetter): Uint8Array {
  const bytes = bytesOf(letter);
  return Uint8Array.from(letter.reason === 'event_not_object' ? Buffer.concat([Buffer.from('['), bytes, Buffer.from(']')]) : bytes);
}

function isHopeless(letter: DeadLetter): boolean {
  return HOPELESS.has(letter.reason) || bytesOf(letter).length >= limits.deadLetterBytes;
}

/**
 * Sends a tenant's dead letters through decoding, correlation and the queue again; their sender was authenticated when they came. A letter that is taken is removed; one that is refused
 * again comes back as a new letter, so that nothing is lost and nothing goes round by itself. Answers how many were sent again.
 */
export function createRedrive(ingest: Ingest, deadLetters: DeadLetters) {
  const again = async (tenant: TenantView, letter: DeadLetter): Promise<void> => {
    try {
      await ingest.publish(
        { tenant, body: bodyOf(letter), contentType: contentTypeOf(letter.reason), contentEncoding: '', remote: REDRIVE },
        new AbortController().signal,
      );
    } catch (error) {
      // Refused again: a new letter has been written.
      if (!(error instanceof MeniscusError) || error.status !== 400) throw error;
    }
  };
  return async (tenant: TenantView, letters: readonly DeadLetter[]): Promise<number> => {
    let redriven = 0;
    for (const letter of letters) {
      if (isHopeless(letter)) continue;
      await again(tenant, letter);
      await deadLetters.delete(tenant.number, { ids: [letter.id] });
      redriven++;
    }
    return redriven;
  };
}
