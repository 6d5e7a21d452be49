/**
 * What a search sees of the store: blocks of one tenant's rows with columns, ordered by time. A block of a segment on disk and a view of hot
 * batches in memory look the same, so that one evaluator serves both.
 *
 * What is read from disk is checked: `mayContain`, `columns`, `time`, `received`, `position`, `shapes` and `column` throw DamagedError
 * (segment/chunk.ts) when a block is damaged. The other blocks are not affected; an answer without it is partial.
 */
export interface Block {
  readonly shard: number;
  readonly rows: number;
  /** Microseconds since the epoch; bounds of the rows, inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly minReceived: number;
  readonly maxReceived: number;
  /** Bytes that reading the whole block takes from disk; 0 for hot data. */
  readonly storedBytes: number;
  /** False when surely no string column of the block holds this (folded) word. */
  mayContain(word: string): boolean;
  /**
   * What is known of each column without reading it: name, counts, bounds and, of small dictionaries, values with counts. Cached. On hot data
   * `get` and `has` are cheap and look at one column, while walking over the map looks at all of them.
   */
  columns(): ReadonlyMap<string, ColumnInfo>;
  /** Microseconds, ascending; ties in the order of ids. */
  time(): Float64Array;
  received(): Float64Array;
  /** Queue positions of the rows: with `received` and `shard` they give the ids (event/event-id.ts). */
  position(): Float64Array;
  /** Index of each row's shape and the skeletons (event/shape.ts). */
  shapes(): { readonly index: Uint16Array; readonly texts: readonly string[] };
  /** The values of a column; undefined when the block has none of that name. Cached within the thread's limit. */
  column(name: string): Column | undefined;
}

/**
 * Names of columns: `host`, `pname`, `msgid`, `pid`, `msg`, `severity`, `facility`, `ver`, `flags`, `producer` (JSON text of the Producer), and `native.<path>`,
 * `normalized.<pattern>.<path>` for leaves. Above 1,000 distinct leaf columns in a block the rest share the column OVERFLOW.
 *
 * `host`, `pname`, `msgid` and `pid` have one entry in every row: what was not sent is the string `-`. `pid` has numbers (canonical decimal
 * texts, so `String(number)` is what was sent) and, for any other text and nil, strings. `flags` and `producer` have one entry in every row,
 * `msg`, `severity`, `facility` and `ver` only in rows where they were sent; a column that no row has is not there.
 */
export const OVERFLOW = '*';

export interface ColumnInfo {
  readonly name: string;
  /** Rows that have the column (host, pname, msgid, pid: rows where it is not nil). */
  readonly rows: number;
  /** Entries: more than rows where arrays give several. */
  readonly entries: number;
  /** Which kinds of leaves occur, as bits `1 << LEAF.x`. */
  readonly tags: number;
  /** Bounds of its numbers; undefined when there are none. */
  readonly min?: number;
  readonly max?: number;
  /** Distinct values and the number of entries of each, when the column is a dictionary of strings with at most 1,024 values. */
  readonly values?: readonly string[];
  readonly counts?: ArrayLike<number>;
}

/**
 * The entries of a column. `rowStarts` null: exactly one entry a row. Else row r has the entries rowStarts[r] to rowStarts[r + 1] - 1 (none, one, or several).
 * An entry's tag is `tag`, or `tags[i]` where tags vary. Numbers are in `numbers` by entry (true/false/null have none). Strings and number texts are in `strings`;
 * a number text has its value as a double in `numbers` too (perhaps an infinity), and counts for the bounds of ColumnInfo.
 */
export interface Column {
  readonly name: string;
  readonly entries: number;
  readonly rowStarts: Uint32Array | null;
  readonly tag: number;
  readonly tags: Uint8Array | null;
  readonly numbers: Float64Array | null;
  readonly strings: StringValues | null;
  /** OVERFLOW only: the column name of each entry. */
  readonly names?: readonly string[];
}

export type StringValues = DictionaryStrings | TextStrings;

/** Few distinct values: evaluate a test once per value. Entries without a string have index 65,535. */
export interface DictionaryStrings {
  readonly kind: 'dictionary';
  readonly values: readonly string[];
  readonly index: Uint16Array;
}

/**
 * Many distinct values as one run of UTF-8, each followed by a newline. Entry i is bytes starts[i] to starts[i + 1] - 1 (exclusive: without its newline). Entries without a
 * string are empty. `ascii`: every byte is ASCII, so offsets into `text()` are byte offsets.
 */
export interface TextStrings {
  readonly kind: 'text';
  readonly bytes: Buffer;
  readonly starts: Uint32Array;
  readonly ascii: boolean;
  /** The run as a latin1 string, made once. */
  text(): string;
  /** Entry i decoded. */
  value(entry: number): string;
}

/** The absent value of the numeric columns severity, facility (ver: 0) is an entry that is not there: those columns have rowStarts like any other. */

/** A consistent view of the store for one search: nothing appears or disappears in it. `release` it, or segment files stay open. */
export interface Snapshot {
  /** Blocks of one tenant that may hold rows with minTime < to and maxTime >= from, newest maxTime first. */
  blocks(tenant: number, from: number, to: number): Block[];
  /** The block and row that holds the event at a position received at a millisecond, or undefined. */
  find(tenant: number, shard: number, position: number, receivedMs: number): { readonly block: Block; readonly row: number } | undefined;
  release(): void;
  /** Names of segments that cannot be read at all: what is in them is missing, so answers are partial. More may show up as `blocks` is called. */
  readonly unreadable?: readonly string[];
}
