/** Collects the diagnostics of one rulebase. */
import { decodeText } from '../bytes.ts';
import { RuleError, severityOf } from '../errors.ts';
import type { Diagnostic, DiagnosticCode } from '../errors.ts';
import { LIMITS } from '../limits.ts';

export class Reporter {
  readonly diagnostics: Diagnostic[] = [];
  /** Diagnostics beyond the limit, which are not kept. */
  dropped = 0;
  file = '';
  line = 0;

  report(code: DiagnosticCode, message: string): void {
    if (this.diagnostics.length >= LIMITS.diagnostics) {
      this.dropped += 1;
      return;
    }
    this.diagnostics.push({ code, severity: severityOf(code), file: this.file, line: this.line, message: decodeText(message) });
  }

  /** Runs one directive; a `RuleError` is reported, anything else is a defect and goes on. */
  guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      this.report(error.code, error.message);
    }
  }
}
