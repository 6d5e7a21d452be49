/** The diagnostics of loading and matching: one table of what can go wrong, and the record a user sees. */

export type Severity = 'error' | 'warning';

/** One sentence about a rulebase, as `rulebase.diagnostics` lists it. */
export interface Diagnostic {
  /** Stable identifier of the kind of problem. */
  code: DiagnosticCode;
  severity: Severity;
  /** The file name as given to the loader; `--NO-FILE--` for rules loaded from text. */
  file: string;
  /** Physical line on which the offending logical line ends; 0 when the file as a whole is meant. */
  line: number;
  message: string;
}

const SEVERITIES = {
  'unknown-directive': 'error',
  'empty-rule': 'error',
  'empty-tag': 'error',
  'missing-colon': 'warning',
  'line-too-long': 'error',
  'prefix-too-long': 'error',
  'runaway-rule': 'error',
  'invalid-field': 'error',
  'invalid-json': 'error',
  'invalid-parameter': 'error',
  'unknown-parameter': 'warning',
  'unknown-type': 'error',
  'invalid-type-name': 'error',
  'invalid-annotation': 'error',
  'include-failed': 'error',
  'load-failed': 'error',
  'too-large': 'error',
  'carriage-return': 'warning',
  'regex-disabled': 'error',
  'work-limit': 'warning',
  'no-code-generation': 'warning',
} as const satisfies Record<string, Severity>;

export type DiagnosticCode = keyof typeof SEVERITIES;

export function severityOf(code: DiagnosticCode): Severity {
  return SEVERITIES[code];
}

/** A rule (or directive) that cannot be used; loading reports it and goes on. */
export class RuleError extends Error {
  readonly code: DiagnosticCode;

  constructor(code: DiagnosticCode, message: string) {
    super(message);
    this.name = 'RuleError';
    this.code = code;
  }
}

/** The rulebase as a whole cannot be loaded: unreadable or empty main file, or a failing include. */
export class RulebaseLoadError extends Error {
  /** Everything reported up to the failure, the failure itself last. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(message, options);
    this.name = 'RulebaseLoadError';
    this.diagnostics = diagnostics;
  }
}

/** The one-line form that `lognormalizer` prints. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const kind = diagnostic.severity === 'error' ? 'error' : 'warning';
  return `liblognorm ${kind}: rulebase file ${diagnostic.file}[${diagnostic.line}]: ${diagnostic.message}`;
}
