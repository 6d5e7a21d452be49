import * as fc from 'fast-check';
import { and, field, not, or, pattern, range, timeSpan } from '../src/ast/build.ts';
import type { FormsTest, Pattern, PatternPart, PhraseTest, Query, Test } from '../src/index.ts';
import { canonicalName, fold, parseNetwork, wordsOf } from '../src/index.ts';
import { END_MICROS, FIRST_MICROS } from '../src/text/time.ts';

const ALPHABET = [
  'a',
  'B',
  'k',
  '0',
  '7',
  '_',
  'é',
  'ß',
  'Σ',
  'İ',
  '中',
  '𐐀',
  '\u0301',
  '😀',
  ' ',
  '\n',
  '"',
  '\\',
  '*',
  '?',
  '(',
  ')',
  ':',
  '/',
  '-',
  '.',
  '!',
  '&',
  '|',
  '=',
  '<',
  '[',
  ']',
  '{',
  '}',
];

/** Text full of what the language cares about. */
export const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...ALPHABET), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
  maxLength: 12,
});

const word = text.map((value) => wordsOf(value)[0] ?? 'w');
const words = fc.array(word, { minLength: 1, maxLength: 3 });
const phrase: fc.Arbitrary<PhraseTest> = words.map((items) => ({ kind: 'phrase', words: items }));

function patternOf(texts: fc.Arbitrary<string>): fc.Arbitrary<PatternPart[]> {
  const part = fc.oneof(
    texts.map((value): PatternPart => ({ kind: 'text', text: fold(value) })),
    fc.constant<PatternPart>({ kind: 'run' }),
    fc.constant<PatternPart>({ kind: 'one' }),
  );
  return fc
    .array(part, { minLength: 1, maxLength: 4 })
    .map((parts) => pattern(parts.filter((item) => item.kind !== 'text' || item.text !== '')));
}

function isWild(parts: Pattern): boolean {
  return parts.some((part) => part.kind !== 'text');
}

function isRun(parts: Pattern): boolean {
  return parts.length === 1 && parts[0]?.kind === 'run';
}

const forms: fc.Arbitrary<FormsTest> = fc
  .array(
    patternOf(word).filter((parts) => parts.length > 0),
    { minLength: 1, maxLength: 3 },
  )
  .filter((items) => items.some(isWild))
  .map((items) => ({ kind: 'forms', forms: items }));

const wildcard: fc.Arbitrary<Test> = patternOf(text)
  .filter((parts) => isWild(parts) && !isRun(parts))
  .map((parts) => ({ kind: 'wildcard', pattern: parts }));

const bound = fc.option(fc.oneof(fc.double({ noNaN: true }), fc.integer()), { nil: null });
const ranges: fc.Arbitrary<Test> = fc.tuple(bound, fc.boolean(), bound, fc.boolean()).map((ends) => range(...ends));

const numberText = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('007', '-0', '1e999', '5e2', '1.50'),
);
const number: fc.Arbitrary<Test> = numberText.map((value) => ({ kind: 'number', text: value, value: Number(value) + 0 }));

const networkText = fc.oneof(
  fc.tuple(fc.ipV4(), fc.nat(32)).map(([address, bits]) => `${address}/${bits}`),
  fc.tuple(fc.ipV6(), fc.nat(128)).map(([address, bits]) => `${address}/${bits}`),
);
const network = networkText.map((value): Test | undefined => {
  const parsed = parseNetwork(value);
  return parsed && { kind: 'network', text: value, network: parsed };
});

const regex: fc.Arbitrary<Test> = fc
  .tuple(fc.constantFrom('', 'a', 'a/b', '\\\\', '\\\\/', '/', 'x y', '^\\d+$', '[/]', '(a|b)*', '\n', '😀'), fc.boolean())
  .map(([source, ignoreCase]) => ({ kind: 'regex', source, ignoreCase }));

const exact = text.map((value): Test => ({ kind: 'exact', text: value }));
const exists = fc.constant<Test>({ kind: 'exists' });
const instant = fc.option(
  fc.oneof(
    fc.integer({ min: FIRST_MICROS, max: Number.MAX_SAFE_INTEGER }),
    fc.constantFrom(FIRST_MICROS, END_MICROS, END_MICROS - 64, 0, -1),
  ),
  { nil: null },
);
const time: fc.Arbitrary<Test> = fc.tuple(instant, instant).map((ends) => timeSpan(...ends));

const SPECIAL = new Set(['severity', 'time', 'received', 'msg']);
const names = fc
  .oneof(fc.constantFrom('host', 'pid', 'native', 'a.b', 'AND', 'native.x', '__proto__', '@m'), text)
  .map(canonicalName)
  .filter((name) => !SPECIAL.has(name));

const valueTest = fc.oneof(
  phrase,
  wildcard,
  exact,
  regex,
  number,
  ranges,
  network.filter((item) => item !== undefined),
  exists,
);
const fields: fc.Arbitrary<Query> = fc.oneof(
  fc.tuple(names, valueTest).map(([name, test]) => field(name, test)),
  fc.oneof(phrase, forms, exact, exists).map((test) => field('msg', test)),
  fc.oneof(ranges, exists).map((test) => field('severity', test)),
  fc.tuple(fc.constantFrom('time', 'received'), fc.oneof(time, exists)).map(([name, test]) => field(name, test)),
);

/** Every query there is, in the one normal form that parsing gives. */
export const query: fc.Arbitrary<Query> = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fields,
    fc.oneof(phrase, forms).map((test): Query => ({ kind: 'any', test })),
    fc.constant<Query>({ kind: 'all' }),
    tie('query').map(not),
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map(and),
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map(or),
  ),
})).query;

/** Text that looks like queries, right and wrong. */
export const queryText = fc
  .array(
    fc.oneof(
      text,
      fc.constantFrom(
        ' ',
        ' AND ',
        ' OR ',
        'NOT ',
        '-',
        '!',
        '(',
        ')',
        'host:',
        'f:(',
        ':=',
        '>=',
        ' < ',
        '"',
        '/a/',
        '[1 TO 2]',
        'time:',
        'now-5m',
        'level:',
        '*',
        '10.0.0.0/8',
        '5',
        '||',
        '&&',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
