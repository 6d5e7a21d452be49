import { loadRulebaseSync, RulebaseLoadError, type Diagnostic, type Rulebase } from '@meniscus/lognorm';
import { limits } from '../../limits.ts';
import type { RulebaseJob, RulebaseOutcome } from './messages.ts';

function invalid(diagnostics: readonly Diagnostic[]): RulebaseOutcome {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const listed = errors.slice(0, limits.rulebaseErrorsListed).map(({ line, code, message }) => ({ line, code, title: message }));
  return { kind: 'invalid', errors: listed, count: errors.length };
}

/** Loads a text that must not read files or use regular expressions, whose engine backtracks without a limit. */
function load(text: string): Rulebase | readonly Diagnostic[] {
  try {
    const { normalizeWork: workPerLine, rulebaseRuleBytes: maxRuleBytes } = limits;
    const rulebase = loadRulebaseSync({ text }, { allowRegex: false, codeGeneration: false, workPerLine, maxRuleBytes });
    return rulebase.diagnostics.some(({ severity }) => severity === 'error') ? rulebase.diagnostics : rulebase;
  } catch (error) {
    if (error instanceof RulebaseLoadError) return error.diagnostics;
    throw error;
  }
}

function resultsOf(rulebase: Rulebase, lines: readonly string[]): RulebaseOutcome {
  const results: string[] = [];
  let length = 0;
  for (const line of lines) {
    const result = rulebase.normalizeToJson(line);
    length += result.length;
    if (length > limits.rulebaseTestResultBytes) return { kind: 'too-much' };
    results.push(result);
  }
  return { kind: 'done', results: `[${results.join(',')}]` };
}

/** Checks a rulebase and normalizes lines by it. The engine takes a text without a rule; a rulebase without one is a mistake of its author. */
export function runRulebase({ text, lines }: RulebaseJob): RulebaseOutcome {
  if (text.trim() === '') return { kind: 'invalid', errors: [{ line: 0, code: 'load-failed', title: 'the rulebase is empty' }], count: 1 };
  const loaded = load(text);
  return 'normalizeToJson' in loaded ? resultsOf(loaded, lines) : invalid(loaded);
}
