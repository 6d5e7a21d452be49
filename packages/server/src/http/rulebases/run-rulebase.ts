import { loadRulebaseSync, RulebaseLoadError, type Diagnostic, type Rulebase } from '@meniscus/lognorm';
import { limits } from '../../limits.ts';
import { explanationOf } from './explanation.ts';
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
    const rulebase = loadRulebaseSync({ text, name: 'rulebase' }, { allowRegex: false, codeGeneration: false, workPerLine, maxRuleBytes });
    return rulebase.diagnostics.some(({ severity }) => severity === 'error') ? rulebase.diagnostics : rulebase;
  } catch (error) {
    if (error instanceof RulebaseLoadError) return error.diagnostics;
    throw error;
  }
}

function answerOf(rulebase: Rulebase, { lines, explain }: RulebaseJob): RulebaseOutcome {
  const results = joined(lines, (line) => rulebase.normalizeToJson(line));
  const explanations = explain === true ? joined(lines, (line) => JSON.stringify(explanationOf(rulebase.explain(line)))) : '';
  if (results === undefined || explanations === undefined) return { kind: 'too-much' };
  return { kind: 'done', answer: `{"results":[${results}]${explain === true ? `,"explanations":[${explanations}]` : ''}}` };
}

/** undefined when it is longer than an answer may be. */
function joined(lines: readonly string[], make: (line: string) => string): string | undefined {
  const texts: string[] = [];
  let length = 0;
  for (const line of lines) {
    const text = make(line);
    length += text.length;
    if (length > limits.rulebaseTestResultBytes) return undefined;
    texts.push(text);
  }
  return texts.join(',');
}

/** Checks a rulebase and normalizes lines by it. The engine takes a text without a rule; a rulebase without one is a mistake of its author. */
export function runRulebase(job: RulebaseJob): RulebaseOutcome {
  const { text } = job;
  if (text.trim() === '') return { kind: 'invalid', errors: [{ line: 0, code: 'load-failed', title: 'the rulebase is empty' }], count: 1 };
  const loaded = load(text);
  return 'normalizeToJson' in loaded ? answerOf(loaded, job) : invalid(loaded);
}
