import type { RegexTest } from '../ast/query.ts';
import { compileRegex } from '../regex/compile.ts';
import { innerWords, requiredLiteral } from '../regex/literal.ts';
import { isAscii } from '../text/words.ts';
import type { Scan, ValueMatcher } from './matcher.ts';
import { escapeRegex, textMatcher } from './matcher.ts';

/** The expression matches somewhere in the value; never folded. What must occur literally is looked for first. */
export function regexMatcher(test: RegexTest): ValueMatcher {
  const regex = compileRegex(test.source, test.ignoreCase);
  const literal = requiredLiteral(regex.node);
  const scan: Scan | undefined =
    literal.text === '' || !isAscii(literal.text)
      ? undefined
      : { ascii: new RegExp(escapeRegex(literal.text), literal.ignoreCase ? 'gi' : 'g'), exact: false, before: false, after: false };
  return textMatcher(regex.test, innerWords(literal), scan);
}
