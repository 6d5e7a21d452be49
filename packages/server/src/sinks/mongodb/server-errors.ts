import { MongoBulkWriteError, MongoServerError, type WriteError } from 'mongodb';

const DUPLICATE_KEY = 11_000;

/** Errors of one document that say nothing about the document: the server is stopping, has no room, has another primary, forbids it, is asked too much. */
const TEMPORARY = new Set([
  1, 6, 7, 8, 11, 13, 18, 24, 26, 46, 48, 50, 63, 64, 79, 89, 90, 91, 96, 100, 112, 125, 133, 134, 150, 175, 189, 202, 234, 246, 251, 262,
  317, 402, 8000, 9001, 10_107, 11_600, 11_602, 13_388, 13_435, 13_436, 14_031, 16_500,
]);

/** Errors of a whole command that some document in it caused: too deep, no BSON, keys, a validator, too large. */
const DOCUMENT_FAULTS = new Set([15, 22, 52, 57, 121, 10_334, 17_419, 17_420]);
/** The same, of servers that have no code for it. */
const DOCUMENT_FAULT_WORDS = /invalid key|invalid document|nested|depth|too large/i;
const BAD_VALUE = 2;

/** Whether the server will never take some document of a command. */
export function isDocumentFault(error: unknown): error is MongoServerError {
  if (!(error instanceof MongoServerError) || typeof error.code !== 'number') return false;
  if (error instanceof MongoBulkWriteError && error.result.getWriteErrors().length > 0) return false;
  return DOCUMENT_FAULTS.has(error.code) || (error.code === BAD_VALUE && DOCUMENT_FAULT_WORDS.test(error.message));
}

/** A document by its place in the command, and what the server says of it. */
export interface DocumentError {
  readonly index: number;
  readonly text: string;
}

/** What a server says of single documents. */
export interface DocumentErrors {
  readonly refused: readonly DocumentError[];
  /** Refused, unless they are there already: some value is not unique, and the server does not say which. */
  readonly perhaps: readonly DocumentError[];
  readonly again: readonly number[];
  /** Of the first one to try again. */
  readonly text: string;
}

/** Rethrows what is not about single documents. */
export function documentErrors(error: unknown): DocumentErrors {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const errors = error.result.getWriteErrors();
  const concern = error.result.getWriteConcernError();
  // Nothing of it is safe then, whatever it says of some.
  if (concern !== undefined)
    throw new Error(`${concern.errmsg ?? 'the write concern was not met'} (code ${concern.code})`, { cause: error });
  if (errors.length === 0) throw error;
  const own = errors.filter((one) => duplicateOf(one) !== 'id');
  const again = own.filter(({ code }) => TEMPORARY.has(code));
  const rest = own.filter(({ code }) => !TEMPORARY.has(code));
  return {
    refused: rest.filter((one) => duplicateOf(one) !== 'unknown').map(said),
    perhaps: rest.filter((one) => duplicateOf(one) === 'unknown').map(said),
    again: again.map(({ index }) => index),
    text: again[0]?.errmsg ?? '',
  };
}

function said({ index, code, errmsg }: WriteError): DocumentError {
  return { index, text: `${errmsg ?? 'refused'} (code ${code})` };
}

/** What is there already: the event, from a try whose answer was lost; a value of another unique index that somebody made; MongoDB names the index, other servers do not. */
function duplicateOf({ code, errmsg }: WriteError): 'id' | 'other' | 'unknown' | undefined {
  if (code !== DUPLICATE_KEY) return undefined;
  const index = /index: (\S+)/.exec(errmsg ?? '')?.[1];
  if (index === undefined) return 'unknown';
  return index === '_id_' || index.endsWith('$_id_') ? 'id' : 'other';
}
