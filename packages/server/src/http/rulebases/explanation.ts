import type { Explanation, RuleReport } from '@meniscus/lognorm';
import { Type, type Static } from 'typebox';
import { limits } from '../../limits.ts';

const Rule = Type.Object({
  line: Type.Integer({ description: 'Of the rulebase, from 1.' }),
  tags: Type.Array(Type.String()),
  rule: Type.String({ description: 'Prefix and rule.' }),
  status: Type.String({
    enum: ['matched', 'shadowed', 'failed', 'invalid'],
    description: '`shadowed`: it would match, but another is tried before.',
  }),
  reached: Type.Integer({ description: 'Bytes of the line that the rule accounts for.' }),
  expected: Type.Optional(Type.String({ description: 'What was looked for where it failed.' })),
  found: Type.String({ description: 'The line from there on.' }),
  fields: Type.Array(Type.Object({ field: Type.String(), text: Type.String() }), { description: 'The fields matched up to there.' }),
  hint: Type.Optional(Type.String({ description: 'A likely cause.' })),
});

/** How far the rules of a rulebase got with a line. */
export const ExplanationSchema = Type.Object({
  matched: Type.Boolean(),
  limited: Type.Boolean({ description: 'Matching was stopped by the work limit.' }),
  rules: Type.Array(Rule, { description: `Those that got furthest, at most ${limits.rulebaseExplainedRules}.` }),
  text: Type.String({ description: 'The same, for people.' }),
});

function cut(text: string): string {
  return text.length > limits.rulebaseExplainedText ? `${text.slice(0, limits.rulebaseExplainedText).toWellFormed()}...` : text;
}

function ruleOf({ line, tags, rule, status, reached, expected, found, fields, hint }: RuleReport): Static<typeof Rule> {
  return {
    line,
    tags: tags.map(cut),
    rule: cut(rule),
    status,
    reached,
    ...(expected === undefined ? {} : { expected: cut(expected) }),
    found: cut(found),
    fields: fields.map(([field, text]) => ({ field, text: cut(text) })),
    ...(hint === undefined ? {} : { hint: cut(hint) }),
  };
}

/** An explanation as answers have it. */
export function explanationOf(explanation: Explanation): Static<typeof ExplanationSchema> {
  const { matched, limited, rules } = explanation;
  return {
    matched: matched !== undefined,
    limited,
    rules: rules.slice(0, limits.rulebaseExplainedRules).map(ruleOf),
    text: explanation.toString(),
  };
}
