import type { Cursor } from './cursor.ts';
import { endsText } from './cursor.ts';

export type Operator = 'AND' | 'OR' | 'NOT';

const WORDS: readonly Operator[] = ['AND', 'OR', 'NOT'];

/** The operator that begins here and its length. A word is one only as a whole text; `&&` and `||` also when more follows directly. */
export function peekOperator(cursor: Cursor): { operator: Operator; length: number } | undefined {
  if (cursor.startsWith('&&')) return { operator: 'AND', length: 2 };
  if (cursor.startsWith('||')) return { operator: 'OR', length: 2 };
  for (const operator of WORDS) {
    if (cursor.startsWith(operator) && endsText(cursor.text.charAt(cursor.position + operator.length))) {
      return { operator, length: operator.length };
    }
  }
  return undefined;
}
