import type { Assertion, Node } from './ast.ts';
import { RegexSyntaxError } from './ast.ts';
import type { Alphabet } from './emit-set.ts';
import { emitSet } from './emit-set.ts';

/** The linear engine runs no repetition whose count, times those around it, is above this; longer ones are written out. */
const MAX_FACTOR = 16;
/** Longer source than this is refused: engines refuse it too, but only after a while. */
const MAX_SOURCE = 400_000;

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
export function emit(node: Node, alphabet: Alphabet): string {
  measure(node, alphabet);
  return write(node, alphabet, 1);
}

function write(node: Node, alphabet: Alphabet, factor: number): string {
  switch (node.kind) {
    case 'empty':
      return '(?:)';
    case 'set':
      return emitSet(node.set, alphabet);
    case 'assert':
      return ASSERTIONS[node.what];
    case 'sequence':
      return node.items.map((item) => (item.kind === 'choice' ? atom(item, alphabet, factor) : write(item, alphabet, factor))).join('');
    case 'choice':
      return node.items.map((item) => write(item, alphabet, factor)).join('|');
    case 'repeat':
      return writeRepeat(node, alphabet, factor);
  }
}

/** The node as something that a quantifier can follow. */
function atom(node: Node, alphabet: Alphabet, factor: number): string {
  const source = write(node, alphabet, factor);
  return node.kind === 'set' ? source : `(?:${source})`;
}

function writeRepeat(node: Extract<Node, { kind: 'repeat' }>, alphabet: Alphabet, factor: number): string {
  const { item, min, max } = node;
  const lazy = node.lazy ? '?' : '';
  const times = max ?? Math.max(min, 1);
  if (times * factor > MAX_FACTOR) return writeOut(node, alphabet, factor, lazy);
  return `${atom(item, alphabet, factor * Math.max(times, 1))}${counted(min, max)}${lazy}`;
}

function counted(min: number, max: number | null): string {
  if (max === null) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  return min === 0 && max === 1 ? '?' : `{${min},${max}}`;
}

/** x{2,4} as xx(?:x(?:x)?)?, and x{2,} as xxx*. */
function writeOut(node: Extract<Node, { kind: 'repeat' }>, alphabet: Alphabet, factor: number, lazy: string): string {
  const item = atom(node.item, alphabet, factor);
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
function measure(node: Node, alphabet: Alphabet): number {
  const size = measureParts(node, alphabet);
  if (size > MAX_SOURCE) throw new RegexSyntaxError('the expression is too large');
  return size;
}

function measureParts(node: Node, alphabet: Alphabet): number {
  if (node.kind === 'set') return emitSet(node.set, alphabet).length;
  if (node.kind === 'repeat') return (measure(node.item, alphabet) + 12) * Math.max(node.max ?? node.min + 1, 1);
  if (node.kind !== 'sequence' && node.kind !== 'choice') return 6;
  let total = 0;
  for (const item of node.items) {
    total += measure(item, alphabet) + 5;
    if (total > MAX_SOURCE) break;
  }
  return total;
}
