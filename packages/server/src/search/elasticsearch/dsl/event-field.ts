import {
  compileTest,
  parseRegex,
  visitTest,
  wordsOf,
  type EventField,
  type NetworkTest,
  type NumberTest,
  type RegexTest,
  type Test,
  type TimeTest,
} from '@meniscus/query';
import { FIELDS, TEXT_FIELDS } from '../../../sinks/elasticsearch/fields/fields.ts';
import { kindTerm } from '../../../sinks/elasticsearch/fields/terms.ts';
import { atMost, exactly, UNKNOWN, unlessLong, type Bounds } from './bounds.ts';
import { allOf, anyOf, anyTerm, EVERYTHING, not, NOTHING, range, term, timeRange, without, type Clause } from './clause.ts';
import { luceneRegex } from './lucene-regex.ts';
import { wordForms } from './regex-words.ts';
import { hasAddress, hasNumber, inNetwork, inRange, isNumber } from './numeric.ts';
import { regexp, tooLong } from './path-field.ts';
import { formsIn, isHard, phraseIn, wildcard } from './text-field.ts';

const ID = 'meniscus.id';
const EMPTY_MSG = term(FIELDS.names, kindTerm('msg', 'e'));
/** Severity and facility are bytes; 255 is absent. */
const BYTE_MAX = 254;

/** What the index says of a condition on one of the event's own fields. */
export function eventFieldBounds(field: EventField, test: Test, tenantId: string): Bounds {
  switch (field.name) {
    case 'tenant':
      return exactly(compileTest(test).text(tenantId) ? EVERYTHING : NOTHING);
    case 'id':
      return idBounds(test);
    case 'time':
    case 'received':
      return exactly(timeClause(field.name, test));
    case 'pri':
    case 'facility':
    case 'severity':
      return exactly(numberClause(field.name, test));
    case 'native':
    case 'normalized':
      return exactly(test.kind === 'exists' ? term(FIELDS.names, field.name) : NOTHING);
    case 'msg':
      return msgBounds(test);
    default:
      return headerBounds(field, TEXT_FIELDS[field.name]!, test);
  }
}

function timeClause(name: 'time' | 'received', test: Test): Clause {
  if (test.kind === 'exists') return EVERYTHING;
  const { from, to } = test as TimeTest;
  return timeRange(FIELDS[name], from ?? -Infinity, to ?? Infinity);
}

/** Of a few hundred numbers, those that pass, as ranges. */
function numberClause(name: 'pri' | 'facility' | 'severity', test: Test): Clause {
  if (test.kind === 'exists') return { exists: { field: name } };
  const matcher = compileTest(test);
  const max = name === 'pri' ? 9 * BYTE_MAX : BYTE_MAX;
  const clauses: Clause[] = [];
  for (let low = 0; low <= max; low++) {
    if (!matcher.number(low, String(low))) continue;
    let high = low;
    while (high < max && matcher.number(high + 1, String(high + 1))) high++;
    clauses.push(low === high ? term(name, low) : range(name, { gte: low, lte: high }));
    low = high;
  }
  return anyOf(clauses);
}

/** Ids are words of hexadecimal digits with `-` between them, in lower case. */
function idBounds(test: Test): Bounds {
  const nothing = (): Bounds => exactly(NOTHING);
  const words = ({ text }: NumberTest | NetworkTest): Bounds => exactly(idPhrase(wordsOf(text)));
  return visitTest<Bounds>(test, {
    phrase: (phrase) => exactly(idPhrase(phrase.words)),
    forms: nothing,
    wildcard: ({ pattern }) => (isHard(pattern) ? UNKNOWN : exactly(wildcard(ID, '', pattern))),
    exact: ({ text }) => exactly(term(ID, text)),
    regex: (regex) => regexIn(ID, regex),
    number: words,
    range: nothing,
    network: words,
    exists: () => exactly(EVERYTHING),
    time: nothing,
  });
}

function idPhrase(words: readonly string[]): Clause {
  const text = words.join('-');
  if (text.length === 36) return term(ID, text);
  return /^[0-9a-f-]{1,35}$/.test(text) ? regexp(ID, `(.*\\-)?${text.replaceAll('-', '\\-')}(\\-.*)?`) : NOTHING;
}

function regexIn(field: string, test: RegexTest): Bounds {
  const regex = luceneRegex(parseRegex(test.source, test.ignoreCase), '');
  if (regex === undefined) return UNKNOWN;
  const clause = regexp(field, regex.source);
  return regex.exact ? exactly(clause) : atMost(clause);
}

/** The one value reads as what is asked for, or does not read as a thing of its kind and holds the text. */
function readBounds(name: string, words: string, test: NumberTest | NetworkTest): Bounds {
  const names = [name];
  const holds = phraseIn(words, wordsOf(test.text));
  const [reads, other] =
    test.kind === 'number' ? [isNumber(names, test.value), hasNumber(names)] : [inNetwork(names, test.network), hasAddress(names)];
  return exactly(anyOf([reads, without(holds, other)]));
}

/** `path`: a keyword with `.words` and `.folded`, in which values too long are not. */
function headerBounds({ name, type }: EventField, path: string, test: Test): Bounds {
  const nothing = (): Bounds => exactly(NOTHING);
  const reads = (read: NumberTest | NetworkTest): Bounds => readBounds(name, `${path}.words`, read);
  const present = anyOf([{ exists: { field: path } }, tooLong([name])]);
  return visitTest<Bounds>(test, {
    phrase: ({ words }) => exactly(phraseIn(`${path}.words`, words)),
    forms: nothing,
    wildcard: ({ pattern }) => (isHard(pattern) ? UNKNOWN : unlessLong(exactly(wildcard(`${path}.folded`, '', pattern)), tooLong([name]))),
    exact: ({ text }) => exactly(term(path, text)),
    regex: (regex) => unlessLong(regexIn(path, regex), tooLong([name])),
    number: reads,
    range: (range) => exactly(inRange([name], range)),
    network: reads,
    exists: () => exactly(type === 'header' ? not(anyTerm(path, ['-', ''])) : without(present, term(path, ''))),
    time: nothing,
  });
}

function msgBounds(test: Test): Bounds {
  const nothing = (): Bounds => exactly(NOTHING);
  const reads = (read: NumberTest | NetworkTest): Bounds => readBounds('msg', 'msg', read);
  const words = (): Bounds => atMost(msgWords(compileTest(test).words));
  return visitTest<Bounds>(test, {
    phrase: (phrase) => exactly(phraseIn('msg', phrase.words)),
    forms: ({ forms }) => unlessLong(formsIn('msg', forms), tooLong(['msg'])),
    wildcard: nothing,
    exact: ({ text }) => (text === '' ? exactly(EMPTY_MSG) : words()),
    regex: (regex) => atMost(allOf([msgWords(compileTest(regex).words), msgForms(regex)])),
    number: reads,
    range: (range) => exactly(inRange(['msg'], range)),
    network: reads,
    exists: () => exactly(without({ exists: { field: 'msg' } }, EMPTY_MSG)),
    time: nothing,
  });
}

/** Every text in which an expression matches has words of these forms. */
function msgForms({ source, ignoreCase }: RegexTest): Clause {
  const forms = wordForms(parseRegex(source, ignoreCase)).filter((form) => !isHard(form));
  const clauses = forms.map((form) =>
    form.length === 1 && form[0]?.kind === 'text' ? term('msg', form[0].text) : wildcard('msg', '', form),
  );
  return anyOf([allOf(clauses), tooLong(['msg'])]);
}

/** Every text that matches has these words. */
function msgWords(words: readonly string[]): Clause {
  return allOf(words.length === 0 ? [{ exists: { field: 'msg' } }] : words.map((word) => term('msg', word)));
}
