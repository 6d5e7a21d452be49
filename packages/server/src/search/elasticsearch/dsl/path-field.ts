import {
  parseRegex,
  visitTest,
  wordsOf,
  type NetworkTest,
  type NumberTest,
  type PathField,
  type Pattern,
  type RegexTest,
  type Test,
} from '@meniscus/query';
import { FIELDS } from '../../../sinks/elasticsearch/fields/fields.ts';
import { nameKey } from '../../../sinks/elasticsearch/fields/names.ts';
import { existTerms, fieldWord, valueTerm } from '../../../sinks/elasticsearch/fields/terms.ts';
import { atMost, exactly, unlessLong, type Bounds } from './bounds.ts';
import { anyOf, anyTerm, NOTHING, without, type Clause } from './clause.ts';
import { escapeText, luceneRegex } from './lucene-regex.ts';
import { hasAddress, hasNumber, inNetwork, inRange, isNumber } from './numeric.ts';
import { isHard, phraseIn, wildcard } from './text-field.ts';

/** Words that the text of a number or boolean can consist of: `500`, the `1e` of `1e+21`, `true`. */
const SCALAR_WORD = /^(?:[0-9]+e?|true|false)$/;
/** What stands around the digits of a number. */
const NUMBER_MARK = '[.+\\-]';
const NUMBER_PART = '[0-9e.+\\-]*';

/** The names in the index of what a field's name means: `native.user`, `normalized.user` and `*.user` for `user`. */
export function indexNames(field: PathField): string[] {
  const { name, native } = field;
  if (name.startsWith('native.') || name.startsWith('normalized.')) return [name];
  return [`native.${native ?? name}`, `normalized.${name}`, `*.${name}`];
}

/** What the index says of a condition on leaves of native and normalized. */
export function pathBounds(field: PathField, test: Test): Bounds {
  const names = indexNames(field);
  return visitTest<Bounds>(test, {
    phrase: ({ words }) => exactly(phrase(names, words)),
    forms: () => exactly(NOTHING),
    wildcard: ({ pattern }) => wildcardBounds(names, pattern),
    // A query's text is never too long for the index.
    exact: ({ text }) =>
      exactly(
        anyTerm(
          FIELDS.values,
          names.map((name) => valueTerm(name, text)),
        ),
      ),
    regex: (regex) => regexBounds(names, regex),
    number: (number) => numberBounds(names, number),
    range: (range) => exactly(inRange(names, range)),
    network: (network) => networkBounds(names, network),
    exists: () => exactly(exists(names)),
    time: () => exactly(NOTHING),
  });
}

/** Words of a text, or of a number or boolean as JSON. */
function phrase(names: readonly string[], words: readonly string[]): Clause {
  return anyOf([textPhrase(names, words), ...scalars(names, words)]);
}

/** Words of a text. */
function textPhrase(names: readonly string[], words: readonly string[]): Clause {
  const [only] = words;
  const inField = (name: string): string[] => words.map((word) => fieldWord(name, word));
  if (words.length === 1)
    return anyTerm(
      FIELDS.fieldWords,
      names.map((name) => fieldWord(name, only!)),
    );
  return anyOf(names.map((name) => phraseIn(FIELDS.fieldWords, inField(name))));
}

function scalars(names: readonly string[], words: readonly string[]): Clause[] {
  if (!words.every((word) => SCALAR_WORD.test(word))) return [];
  if (words.some((word) => word === 'true' || word === 'false'))
    return words.length === 1
      ? [
          anyTerm(
            FIELDS.values,
            names.map((name) => valueTerm(name, words[0]!)),
          ),
        ]
      : [];
  // A text of such characters alone that matches has the words, too.
  const source = `(${NUMBER_PART}${NUMBER_MARK})?${words.join(`${NUMBER_MARK}+`)}(${NUMBER_MARK}${NUMBER_PART})?`;
  return names.map((name) => regexp(FIELDS.values, escapeText(`${nameKey(name)}=`) + source));
}

export function regexp(field: string, source: string): Clause {
  return { regexp: { [field]: { value: source, flags: 'NONE' } } };
}

/** Documents in which a value of one of the names is too long for the index. */
export function tooLong(names: readonly string[]): Clause {
  return anyTerm(FIELDS.long, names.map(nameKey));
}

function wildcardBounds(names: readonly string[], pattern: Pattern): Bounds {
  if (isHard(pattern)) return atMost(anyOf([...names.map(anyValue), tooLong(names)]));
  const clause = anyOf(names.map((name) => wildcard(FIELDS.folded, `${nameKey(name)}=`, pattern)));
  return unlessLong(exactly(clause), tooLong(names));
}

/** A value that is not empty, of a leaf or in an object of one of the names. */
function exists(names: readonly string[]): Clause {
  return anyTerm(FIELDS.names, names.flatMap(existTerms));
}

function regexBounds(names: readonly string[], test: RegexTest): Bounds {
  const node = parseRegex(test.source, test.ignoreCase);
  const sources: string[] = [];
  let exact = true;
  for (const name of names) {
    const regex = luceneRegex(node, `${nameKey(name)}=`);
    if (regex === undefined) return atMost(anyOf([...names.map(anyValue), tooLong(names)]));
    sources.push(regex.source);
    exact &&= regex.exact;
  }
  const bounds = unlessLong(exactly(anyOf(sources.map((source) => regexp(FIELDS.values, source)))), tooLong(names));
  return exact ? bounds : atMost(bounds.upper);
}

/** Any value of the name, the empty one too. */
function anyValue(name: string): Clause {
  return { prefix: { [FIELDS.values]: { value: `${nameKey(name)}=` } } };
}

/** An array may hold a number and a text with its words: only where no value is a number does the phrase decide. */
function numberBounds(names: readonly string[], test: NumberTest): Bounds {
  return readBounds(isNumber(names, test.value), textPhrase(names, wordsOf(test.text)), hasNumber(names));
}

function networkBounds(names: readonly string[], test: NetworkTest): Bounds {
  return readBounds(inNetwork(names, test.network), phrase(names, wordsOf(test.text)), hasAddress(names));
}

/** `reads`: a value reads as what is asked for. `holds`: a text holds it. `other`: some value reads as a thing of its kind, so that its text does not count. */
function readBounds(reads: Clause, holds: Clause, other: Clause): Bounds {
  return { upper: anyOf([reads, holds]), lower: anyOf([reads, without(holds, other)]) };
}
