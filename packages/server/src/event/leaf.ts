/** What a leaf of `native` or `normalized` is. Stored as a byte in batches and segments: never renumber. */
export const LEAF = { null: 0, false: 1, true: 2, number: 3, string: 4, numberText: 5 } as const;

export type LeafTag = (typeof LEAF)[keyof typeof LEAF];

/**
 * A number whose JSON text a double cannot hold (an integer beyond 2^53, `1e400`): kept as its text and answered as it came.
 * Comparisons use its value as a double.
 */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
