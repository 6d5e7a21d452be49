import { BatchRefused, type Refusal } from '../writer.ts';
import type { Answer } from './client.ts';
import { errorOf, errorWords, failure, jsonOf, type ServerError } from './words.ts';

/** What became of the rows of one request, by their place in it. */
export interface Outcome {
  readonly refused: Refusal[];
  readonly again: number[];
  /** Those that are there already, written by an earlier try. */
  readonly existing: number[];
  /** Why some are to be tried again. */
  error?: string;
  /** The index was not there, as it was believed to be. */
  indexGone: boolean;
}

interface Item {
  readonly create?: { readonly status?: number; readonly error?: ServerError };
}

/** Refusals that are of the index or the cluster and not of the event, although their status says otherwise. */
const OF_THE_INDEX = new Set([
  'index_closed_exception',
  'index_not_found_exception',
  'validation_exception',
  'cluster_block_exception',
  'security_exception',
]);

/** Reads the answer to a bulk request of so many events. Throws when all of it is to be tried again, BatchRefused when it is refused as a whole. */
export function outcomeOf(answer: Answer, rows: number): Outcome {
  if (answer.status === 400) throw new BatchRefused(errorWords(errorOf(answer)));
  if (answer.status >= 300) throw failure('cannot write', answer);
  const { items } = jsonOf('cannot write', answer) as { items?: readonly Item[] };
  if (!Array.isArray(items) || items.length !== rows) throw new Error(`${answer.url} does not say what became of each event`);
  const outcome: Outcome = { refused: [], again: [], existing: [], indexGone: false };
  for (let row = 0; row < rows; row++) {
    const { status = 500, error = {} } = (items[row] as Item).create ?? {};
    if (status < 300) continue;
    if (status === 409 && error.type === 'version_conflict_engine_exception') outcome.existing.push(row);
    else if (isOfTheEvent(status, error)) outcome.refused.push({ row, text: errorWords(error) });
    else {
      outcome.again.push(row);
      outcome.error ??= `${status} ${errorWords(error)}`;
      if (error.type === 'index_not_found_exception') outcome.indexGone = true;
    }
  }
  return outcome;
}

function isOfTheEvent(status: number, error: ServerError): boolean {
  if (status !== 400 && status !== 413 && status !== 422) return false;
  return !OF_THE_INDEX.has(error.type ?? '') && !(error.reason ?? '').startsWith('pipeline with id');
}
