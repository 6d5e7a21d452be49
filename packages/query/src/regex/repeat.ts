import type { Node } from './ast.ts';
import { RegexSyntaxError } from './ast.ts';
import type { Reader } from './reader.ts';

/** A repetition above this, also as the product of nested ones, is refused. */
export const MAX_REPEAT = 1000;

export interface Repeat {
  readonly min: number;
  readonly max: number | null;
  readonly lazy: boolean;
}

/** Reads `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`, each with or without `?`; nothing without moving otherwise. */
export function readRepeat(reader: Reader, ungreedy: boolean): Repeat | undefined {
  const range = readSign(reader) ?? readCount(reader);
  return range && { ...range, lazy: reader.take('?') !== ungreedy };
}

function readSign(reader: Reader): Omit<Repeat, 'lazy'> | undefined {
  if (reader.take('*')) return { min: 0, max: null };
  if (reader.take('+')) return { min: 1, max: null };
  if (reader.take('?')) return { min: 0, max: 1 };
  return undefined;
}

/** A brace that is no count is a literal brace. */
function readCount(reader: Reader): Omit<Repeat, 'lazy'> | undefined {
  const { position } = reader;
  const min = reader.take('{') ? readInteger(reader) : undefined;
  const comma = min !== undefined && reader.take(',');
  const max = comma ? (reader.peek() === '}' ? null : readInteger(reader)) : min;
  if (min === undefined || max === undefined || !reader.take('}')) {
    reader.position = position;
    return undefined;
  }
  if (min > MAX_REPEAT || (max !== null && (max > MAX_REPEAT || min > max))) {
    return reader.fail(`a repetition is at most ${MAX_REPEAT}, the lower count first`);
  }
  return { min, max };
}

function readInteger(reader: Reader): number | undefined {
  const digits = reader.run(/^[0-9]$/);
  return digits === '' || (digits.length > 1 && digits.startsWith('0')) ? undefined : Number(digits);
}

/** Refuses nested repetitions whose product is above the limit, as RE2 does. */
export function checkRepeats(node: Node, left: number): void {
  if (node.kind === 'repeat') return checkRepeat(node, left);
  if (node.kind !== 'sequence' && node.kind !== 'choice') return;
  for (const item of node.items) checkRepeats(item, left);
}

function checkRepeat(node: Extract<Node, { kind: 'repeat' }>, left: number): void {
  const times = node.max ?? node.min;
  if (times > left) throw new RegexSyntaxError(`nested repetitions are at most ${MAX_REPEAT} together`);
  checkRepeats(node.item, times > 1 ? Math.floor(left / times) : left);
}
