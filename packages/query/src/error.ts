/**
 * Why a query was refused. The codes are for programs, the message is for people:
 *
 * - `syntax`: something stands where it cannot, is not closed, or is missing
 * - `value`: a value that its field cannot have (`level:loud`, `status>abc`), or text without any word
 * - `regex`: an expression that RE2 refuses, or one that is too large to run
 * - `limit`: longer, wider or deeper than a query may be
 */
export type QueryErrorCode = 'syntax' | 'value' | 'regex' | 'limit';

/** A query that has no meaning. Never thrown for a field that does not exist: that matches nothing. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly code: QueryErrorCode;
  /** Where, as a 0-based offset in UTF-16 code units, at most the query's length. */
  readonly position: number;
  /** What to write instead, where there is an obvious answer. */
  readonly hint?: string;

  constructor(code: QueryErrorCode, position: number, message: string, hint?: string) {
    super(hint === undefined ? message : `${message}; ${hint}`);
    this.code = code;
    this.position = position;
    if (hint !== undefined) this.hint = hint;
  }
}
