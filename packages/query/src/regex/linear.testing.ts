/**
 * Run by regex.test.ts in a process of its own, because V8 reads these options once. Every expression must be one that the linear engine
 * takes (the flag `l`), and hostile ones must end.
 */
import assert from 'node:assert/strict';
import { isAscii } from '../text/words.ts';
import { compileRegex } from './compile.ts';

const LINEAR = 'l';

const EXPRESSIONS: readonly string[] = [
  'a.*b',
  '(a+)+$',
  '^(a|aa)+$',
  '(\\w*)*x$',
  '(?i)(k|s|é)+$',
  '^(\\pL+\\s?)*$',
  '(?m)^(a|b|ab)*$',
  '(.*)*(.*)*(.*)*x',
  '(a{0,30}){30}$',
  '(x+x+)+y',
  '\\b(\\w+)*\\b$',
  '([^a]|\\PL)*z',
  '(😀|\\p{Greek})*z',
];

for (const source of EXPRESSIONS) {
  const regex = compileRegex(source, false);
  const linear = new RegExp(regex.ascii.source, LINEAR);
  for (const text of [`${'a'.repeat(5000)}!`, `${'é😀'.repeat(2500)}!`]) {
    if (isAscii(text)) assert.equal(linear.test(text), regex.test(text));
    else regex.test(text);
  }
}
console.log('all linear');
