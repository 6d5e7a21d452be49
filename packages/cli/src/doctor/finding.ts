/** What one look found. */
export interface Finding {
  /** Which look: stable, for programs. */
  readonly check: string;
  readonly level: 'ok' | 'warning' | 'problem';
  readonly what: string;
  /** What to do about it. */
  readonly mend?: string;
}

export function fine(check: string, what: string): Finding {
  return { check, level: 'ok', what };
}

export function warning(check: string, what: string, mend: string): Finding {
  return { check, level: 'warning', what, mend };
}

export function problem(check: string, what: string, mend: string): Finding {
  return { check, level: 'problem', what, mend };
}
