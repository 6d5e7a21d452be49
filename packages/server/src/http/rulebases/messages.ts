/** What the HTTP side asks of the rulebase thread: one job at a time. */
export interface RulebaseJob {
  readonly text: string;
  /** None: the rulebase is checked alone. */
  readonly lines: readonly string[];
  /** Say of each line how far the rules got with it. */
  readonly explain?: boolean;
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
  /** The members of the answer as JSON: `results`, the objects of the lines, and what else was asked for. */
  | { readonly kind: 'done'; readonly answer: string }
  | { readonly kind: 'too-much' };
