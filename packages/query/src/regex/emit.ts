import type { Assertion, CodeSet, Node } from './ast.ts';
import { RegexSyntaxError } from './ast.ts';

/** The linear engine runs no repetition whose count, times those around it, is above this; longer ones are written out. */
const MAX_FACTOR = 16;
/** Longer source than this is refused: engines refuse it too, but only after a while. */
const MAX_SOURCE = 1_000_000;

/** Writes a set as one atom. */
export type SetWriter = (set: CodeSet) => string;

const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  textStart: '^',
  textEnd: '$',
  lineStart: '(?m:^)',
  lineEnd: '(?m:$)',
  boundary: '\\b',
  notBoundary: '\\B',
};

/**
 * Writes the expression as JavaScript source that needs no flags. It uses nothing that V8's linear engine
 * (`--enable-experimental-regexp-engine-on-excessive-backtracks`) cannot run: no `i` or `u`, no look-around, no large counts.
 *
 * @throws RegexSyntaxError if it would be too large to run
 */
export function emit(node: Node, writeSet: SetWriter): string {
  const written = new Map<CodeSet, string>();
  const writeOnce = (set: CodeSet): string => {
    const source = written.get(set) ?? writeSet(set);
    written.set(set, source);
    return source;
  };
  measure(node, writeOnce);
  return write(node, writeOnce, 1);
}

function write(node: Node, writeSet: SetWriter, factor: number): string {
  if (node.kind === 'empty') return '(?:)';
  if (node.kind === 'set') return writeSet(node.set);
  if (node.kind === 'assert') return ASSERTIONS[node.what];
  if (node.kind === 'repeat') return writeRepeat(node, writeSet, factor);
  if (node.kind === 'choice') return node.items.map((item) => write(item, writeSet, factor)).join('|');
  return node.items.map((item) => (item.kind === 'choice' ? atom(item, writeSet, factor) : write(item, writeSet, factor))).join('');
}

/** The node as something that a quantifier can follow. */
function atom(node: Node, writeSet: SetWriter, factor: number): string {
  const source = write(node, writeSet, factor);
  return node.kind === 'set' ? source : `(?:${source})`;
}

function writeRepeat(node: Extract<Node, { kind: 'repeat' }>, writeSet: SetWriter, factor: number): string {
  const { item, min, max } = node;
  const lazy = node.lazy ? '?' : '';
  const times = Math.max(max ?? min, 1);
  if (times * factor > MAX_FACTOR) return writeOut(node, writeSet, factor, lazy);
  return `${atom(item, writeSet, factor * times)}${counted(min, max)}${lazy}`;
}

function counted(min: number, max: number | null): string {
  if (max === null) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  return min === 0 && max === 1 ? '?' : `{${min},${max}}`;
}

/** x{2,4} as xx(?:x(?:x)?)?, and x{2,} as xxx*. */
function writeOut(node: Extract<Node, { kind: 'repeat' }>, writeSet: SetWriter, factor: number, lazy: string): string {
  const item = atom(node.item, writeSet, factor);
  const required = item.repeat(node.min);
  if (node.max === null) return `${required}${item}*${lazy}`;
  const optional = node.max - node.min;
  return `${required}${`(?:${item}`.repeat(optional)}${`)?${lazy}`.repeat(optional)}`;
}

/**
 * An upper bound for the length of the source, without building it.
 *
 * @throws RegexSyntaxError as soon as it is too long
 */
function measure(node: Node, writeSet: SetWriter): number {
  const size = measureParts(node, writeSet);
  if (size > MAX_SOURCE) throw new RegexSyntaxError('the expression is too large');
  return size;
}

function measureParts(node: Node, writeSet: SetWriter): number {
  if (node.kind === 'set') return writeSet(node.set).length;
  if (node.kind === 'repeat') return (measure(node.item, writeSet) + 12) * Math.max(node.max ?? node.min + 1, 1);
  if (node.kind !== 'sequence' && node.kind !== 'choice') return 6;
  let total = 0;
  for (const item of node.items) {
    total += measure(item, writeSet) + 5;
    if (total > MAX_SOURCE) break;
  }
  return total;
}
