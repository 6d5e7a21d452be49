import type { CodeSet, RegexNode } from '@meniscus/query';

/** A longer expression is not asked for: the server's limit (`index.max_regex_length`) is 1,000. */
const LENGTH_MAX = 900;

/** What an index of whole values can say of an expression that is searched in them. */
export interface LuceneRegex {
  /** In Lucene's syntax, for whole values. */
  readonly source: string;
  /** It selects the same values; else some more. */
  readonly exact: boolean;
}

/** One code point, wherever it stands. */
export function escapeCode(code: number): string {
  const char = String.fromCodePoint(code);
  return /[\p{L}\p{N}]/u.test(char) || code > 0x7f ? char : `\\${char}`;
}

export function escapeText(text: string): string {
  return Array.from(text, (char) => escapeCode(char.codePointAt(0)!)).join('');
}

/** Any characters; `.` is any of them here, line ends too. */
const ANY_RUN = '.*';

/** Undefined: it would be too long, or its sets cannot be written. `before`: text that stands before each value in the index. */
export function luceneRegex(node: RegexNode, before: string): LuceneRegex | undefined {
  const writer = new Writer();
  const items = node.kind === 'sequence' ? [...node.items] : [node];
  const fromStart = isAssert(items[0], 'textStart');
  if (fromStart) items.shift();
  const toEnd = isAssert(items.at(-1), 'textEnd');
  if (toEnd) items.pop();
  const source = `${escapeText(before)}${fromStart ? '' : ANY_RUN}${writer.sequence(items)}${toEnd ? '' : ANY_RUN}`;
  return source.length > LENGTH_MAX || writer.failed ? undefined : { source, exact: writer.exact };
}

function isAssert(node: RegexNode | undefined, what: 'textStart' | 'textEnd'): boolean {
  return node?.kind === 'assert' && node.what === what;
}

class Writer {
  exact = true;
  failed = false;

  sequence(items: readonly RegexNode[]): string {
    return items.map((item) => this.write(item)).join('');
  }

  private write(node: RegexNode): string {
    if (node.kind === 'set') return this.set(node.set);
    if (node.kind === 'sequence') return `(${this.sequence(node.items)})`;
    if (node.kind === 'choice') return `(${node.items.map((item) => this.write(item)).join('|')})`;
    if (node.kind === 'repeat') return `(${this.write(node.item)})${counted(node.min, node.max)}`;
    // Without an assertion more values match, never fewer.
    if (node.kind === 'assert') this.exact = false;
    return '()';
  }

  private set(set: CodeSet): string {
    if (set.length === 0 || set.some(isSurrogate)) this.failed = true;
    if (this.failed) return '';
    if (set.length === 2 && set[0] === set[1]) return escapeCode(set[0]!);
    if (set.length === 2 && set[0] === 0 && set[1] === 0x10ffff) return '.';
    // All but a few.
    if (set[0] === 0 && set.at(-1) === 0x10ffff) return `[^${ranges(set.slice(1, -1), 1)}]`;
    return `[${ranges(set, 0)}]`;
  }
}

/** Half a pair is no character of a text. */
function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/** Pairs of first and last; with `inner` 1 the gaps between pairs: last and first, themselves not in. */
function ranges(pairs: readonly number[], inner: 0 | 1): string {
  let text = '';
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const low = pairs[i]! + inner;
    const high = pairs[i + 1]! - inner;
    text += low === high ? escapeCode(low) : `${escapeCode(low)}-${escapeCode(high)}`;
  }
  return text;
}

function counted(min: number, max: number | null): string {
  if (max === null) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  return min === 0 && max === 1 ? '?' : `{${min},${max}}`;
}
