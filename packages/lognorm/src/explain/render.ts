/** Explanations as text. */
import type { Explanation, RuleReport } from './explain.ts';

/** Rules that are shown in full. */
const SHOWN = 5;
/** Longest piece of text in a sentence. */
const EXCERPT = 60;

function quoted(text: string): string {
  return JSON.stringify(text.length > EXCERPT ? `${text.slice(0, EXCERPT)}...` : text);
}

function heading(rule: RuleReport): string {
  return `${rule.file}:${rule.line}  ${rule.tags.join(',')}:${rule.rule}`;
}

function fieldsOf(rule: RuleReport): string[] {
  return rule.fields.map(([field, text]) => `      ${field} = ${quoted(text)}`);
}

function ruleLines(rule: RuleReport): string[] {
  if (rule.status === 'invalid') return [`  ${heading(rule)}`, '    is invalid: see the diagnostics of the rulebase'];
  if (rule.status !== 'failed') {
    const verdict = rule.status === 'matched' ? 'matches' : 'would match too, but is tried later';
    return [`  ${heading(rule)}`, `    ${verdict}`, ...fieldsOf(rule)];
  }
  const lines = [`  ${heading(rule)}`, `    accounts for ${rule.reached} bytes`, ...fieldsOf(rule)];
  lines.push(
    `    then wants ${rule.expected ?? 'nothing'}`,
    `    but finds  ${rule.found === '' ? 'the end of the line' : quoted(rule.found)}`,
  );
  if (rule.hint !== undefined) lines.push(`    (${rule.hint})`);
  return lines;
}

export function renderExplanation(explanation: Explanation): string {
  const { rules, matched, limited } = explanation;
  const lines = [`line: ${explanation.line}`];
  if (limited) lines.push('matching was stopped by the work limit');
  lines.push(
    matched === undefined ? `no rule matches; those that get furthest, ${Math.min(SHOWN, rules.length)} of ${rules.length}:` : 'matched:',
  );
  const shown =
    matched === undefined ? rules.slice(0, SHOWN) : rules.filter((rule) => rule.status === 'matched' || rule.status === 'shadowed');
  for (const rule of shown) lines.push(...ruleLines(rule));
  return lines.join('\n');
}
