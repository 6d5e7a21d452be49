/** What the HTTP side asks of the rulebase thread: one job at a time. */
export interface RulebaseJob {
  readonly text: string;
  /** None: the rulebase is checked alone. */
  readonly lines: readonly string[];
}

/** An error of a rulebase, as answers list it. */
export interface RulebaseError {
  /** From 1; 0 is the rulebase as a whole. */
  readonly line: number;
  readonly code: string;
  readonly title: string;
}

export type RulebaseOutcome =
  | { readonly kind: 'invalid'; readonly errors: readonly RulebaseError[]; readonly count: number }
  /** The objects of the lines as a JSON array. */
  | { readonly kind: 'done'; readonly results: string }
  | { readonly kind: 'too-much' };
