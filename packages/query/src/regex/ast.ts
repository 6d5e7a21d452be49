/** A set of code points as sorted, disjoint, non-adjacent pairs: [low, high, low, high, ...], both ends included. */
export type CodeSet = readonly number[];

/**
 * A parsed expression in RE2 syntax. Flags are already applied (`(?i)` widened the sets, `(?s)` chose what `.` is) and captures are gone:
 * what is left says only which texts match, which is all a search needs.
 */
export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CodeSet }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number | null; readonly lazy: boolean }
  | { readonly kind: 'assert'; readonly what: Assertion };

/** The ends of the text, of a line (only `\n` ends one), and ASCII word boundaries. */
export type Assertion = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'boundary' | 'notBoundary';

/** Why RE2 refuses an expression. */
export class RegexSyntaxError extends Error {
  override readonly name = 'RegexSyntaxError';
}
