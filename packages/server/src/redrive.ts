import type { Dispatch } from './sinks/dispatch/dispatch.ts';
import type { Jobs } from './jobs.ts';
import type { TenantView } from './control/tenant.ts';
import type { DeadLetter, DeadLetters } from './dead-letters/dead-letters.ts';
import { MeniscusError, messageOf } from './errors.ts';
import { limits } from './limits.ts';
import { REDRIVE, type Ingest } from './pipeline/ingest.ts';

/** Documents sent to a sink at once. */
const SINK_LETTERS = 500;

/** The sinks and the jobs, as far as redriving needs them. */
export interface SinkParts {
  readonly dispatch: Pick<Dispatch, 'has' | 'redrive'>;
  readonly jobs: Pick<Jobs, 'again' | 'failed'>;
}

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

/** Of a document: what is not whole any more cannot be sent. */
function isCut(letter: DeadLetter): boolean {
  return bytesOf(letter).length >= limits.deadLetterDocumentBytes;
}

function documentsOf(tenant: TenantView, letters: readonly DeadLetter[]): { readonly tenant: number; readonly text: string }[] {
  return letters.map((letter) => ({ tenant: tenant.number, text: bytesOf(letter).toString() }));
}

/** A sink's letter is from `event ID`. */
function eventIdOf({ source }: DeadLetter): string {
  return source.slice(source.indexOf(' ') + 1);
}

function isHopeless(letter: DeadLetter): boolean {
  return HOPELESS.has(letter.reason) || bytesOf(letter).length >= limits.deadLetterBytes;
}

/**
 * Sends a tenant's dead letters through decoding, correlation and the queue again; their sender was authenticated when they came. A letter that is taken is removed; one that is refused
 * again comes back as a new letter, so that nothing is lost and nothing goes round by itself. What a sink refused goes to that sink only, with the same id. Answers how many were sent
 * again. Throws unavailable when a sink cannot be reached: its letters stay.
 */
export function createRedrive(ingest: Ingest, { dispatch, jobs }: SinkParts, deadLetters: DeadLetters) {
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
  const toSink = async (tenant: TenantView, sink: string, letters: readonly DeadLetter[]): Promise<number> => {
    if (!dispatch.has(sink)) return 0;
    let redriven = 0;
    for (let from = 0; from < letters.length; from += SINK_LETTERS) {
      const some = letters.slice(from, from + SINK_LETTERS);
      const ids = some.map(eventIdOf);
      try {
        await jobs.again(sink, ids);
        redriven += await dispatch.redrive(sink, documentsOf(tenant, some));
      } catch (error) {
        await jobs.failed(sink, ids);
        throw new MeniscusError('unavailable', `${messageOf(error)}; its letters are kept`, { cause: error, retryAfter: 10 });
      }
      await deadLetters.delete(tenant.number, { ids: some.map(({ id }) => id) });
    }
    return redriven;
  };
  return async (tenant: TenantView, chosen: readonly DeadLetter[]): Promise<number> => {
    let redriven = 0;
    // The oldest first, as the events came; ids sort by time.
    const letters = chosen.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const bySink = Map.groupBy(
      letters.filter((letter) => letter.sink !== null && !isCut(letter)),
      ({ sink }) => sink!,
    );
    for (const [sink, its] of bySink) redriven += await toSink(tenant, sink, its);
    for (const letter of letters.filter(({ sink }) => sink === null)) {
      if (isHopeless(letter)) continue;
      await again(tenant, letter);
      await deadLetters.delete(tenant.number, { ids: [letter.id] });
      redriven++;
    }
    return redriven;
  };
}
