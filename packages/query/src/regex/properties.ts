import type { CodeSet } from './ast.ts';
import { RegexSyntaxError } from './ast.ts';
import { ANY, clip, codeSet, MAX_CODE, negate, single } from './code-set.ts';

/** Perl's and POSIX's classes, ASCII only. */
const CLASSES: ReadonlyMap<string, CodeSet> = new Map<string, CodeSet>([
  ['d', [48, 57]],
  ['s', [9, 10, 12, 13, 32, 32]],
  ['w', [48, 57, 65, 90, 95, 95, 97, 122]],
  ['alnum', [48, 57, 65, 90, 97, 122]],
  ['alpha', [65, 90, 97, 122]],
  ['ascii', [0, 127]],
  ['blank', [9, 9, 32, 32]],
  ['cntrl', [0, 31, 127, 127]],
  ['digit', [48, 57]],
  ['graph', [33, 126]],
  ['lower', [97, 122]],
  ['print', [32, 126]],
  ['punct', [33, 47, 58, 64, 91, 96, 123, 126]],
  ['space', [9, 13, 32, 32]],
  ['upper', [65, 90]],
  ['word', [48, 57, 65, 90, 95, 95, 97, 122]],
  ['xdigit', [48, 57, 65, 70, 97, 102]],
]);

const CATEGORIES: ReadonlySet<string> = new Set(
  'L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs Cc Cf Co Cs'.split(' '),
);
/** The scripts whose full name has four letters, as the four-letter codes that JavaScript knows and RE2 does not have. */
const SHORT_SCRIPTS: ReadonlySet<string> = new Set('Ahom Cham Kawi Lisu Modi Newa Thai Toto'.split(' '));
const SCRIPT = /^[A-Z][a-z]+(?:_[A-Z][a-z]+)*$|^SignWriting$/;

/** The set of `d`, `s`, `w` or the name in `[:name:]`, or undefined. */
export function namedClass(name: string): CodeSet | undefined {
  return CLASSES.get(name);
}

/** Sets are constants: computed once, at most one per name that exists. */
const known = new Map<string, CodeSet>();

/** The set of `\p{name}`: a general category or a script, spelled as RE2 spells it. */
export function property(name: string): CodeSet {
  const set = known.get(name) ?? compute(name);
  known.set(name, set);
  return set;
}

function compute(name: string): CodeSet {
  if (name === 'Any') return ANY;
  // RE2 knows no unassigned code points, so its C is only the assigned ones.
  if (name === 'C') return codeSet(['Cc', 'Cf', 'Co', 'Cs'].flatMap(property));
  if (name === 'Cs') return [SURROGATES, SURROGATES + BLOCK - 1];
  if (CATEGORIES.has(name)) return members(`\\p{${name}}`);
  const script = SCRIPT.test(name) && (name.length !== 4 || SHORT_SCRIPTS.has(name));
  if (!script || name === 'Unknown') throw new RegexSyntaxError(`there is no class \\p{${name}}`);
  try {
    return members(`\\p{Script=${name}}`);
  } catch {
    throw new RegexSyntaxError(`there is no class \\p{${name}}`);
  }
}

const BLOCK = 0x800;
const SURROGATES = 0xd800;
/** From here on there are only private characters, but for one block of tags and variation selectors. */
const UNUSED = 0x34000;
const TAGS = 0xe0000;

/** Asks the engine for the members of a class: its tables are the ones that letters of words come from, too. */
function members(source: string): CodeSet {
  const runs = new RegExp(`${source}+`, 'gu');
  const pairs: number[] = [];
  for (let start = 0; start <= MAX_CODE; start += BLOCK) {
    if (start === SURROGATES || (start >= UNUSED && source !== '\\p{Co}' && start !== TAGS)) continue;
    const text = String.fromCodePoint(...Array.from({ length: BLOCK }, (_, index) => start + index));
    for (const { 0: run, index } of text.matchAll(runs)) {
      const low = text.codePointAt(index)!;
      pairs.push(low, low + (low > 0xffff ? run.length / 2 : run.length) - 1);
    }
  }
  return codeSet(pairs);
}

const CASED = /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u;
let cased: string | undefined;

/** Every code point that has another case, as one text. */
function casedText(): string {
  cased ??= toText(members(CASED.source));
  return cased;
}

function toText(set: readonly number[]): string {
  let text = '';
  for (let index = 0; index < set.length; index += 2) {
    for (let code = set[index]!; code <= set[index + 1]!; code++) text += String.fromCodePoint(code);
  }
  return text;
}

/** Folded and negated sets of the sets above, so that naming `\\pL` a thousand times costs its table once. */
const folded = new WeakMap<CodeSet, CodeSet>();
const negated = new WeakMap<CodeSet, CodeSet>();
/** Folded single code points; only a few thousand have cases. */
const orbits = new Map<number, CodeSet>();

/**
 * The set and all that simple case folding makes equal to a member (`k` is also the Kelvin sign). JavaScript's `iu` folds by the same table,
 * so it is asked which cased characters match the set.
 */
export function foldCase(set: CodeSet): CodeSet {
  if (isUncased(set)) return set;
  const only = single(set);
  const known = only === undefined ? folded.get(set) : orbits.get(only);
  if (known !== undefined) return known;
  const result = foldNew(set);
  if (only === undefined) folded.set(set, result);
  else orbits.set(only, result);
  return result;
}

/** Cheap and often true: one character that has no case, or all characters. */
function isUncased(set: CodeSet): boolean {
  if (set.length !== 2) return false;
  if (set[0] !== set[1]) return set[0] === 0 && set[1] === MAX_CODE;
  return !CASED.test(String.fromCodePoint(set[0]!));
}

function foldNew(set: CodeSet): CodeSet {
  const source = ranges(clip(set, 0, 0xd7ff)) + ranges(clip(set, 0xe000, 0x1ffff));
  if (source === '') return set;
  const equal = casedText().match(new RegExp(`[${source}]`, 'giu')) ?? [];
  return codeSet([...set, ...equal.flatMap((char) => [char.codePointAt(0)!, char.codePointAt(0)!])]);
}

function ranges(set: CodeSet): string {
  let source = '';
  for (let index = 0; index < set.length; index += 2) {
    source += `\\u{${set[index]!.toString(16)}}-\\u{${set[index + 1]!.toString(16)}}`;
  }
  return source;
}

/** The complement of the set if `negative`. */
export function signed(set: CodeSet, negative: boolean): CodeSet {
  if (!negative) return set;
  const result = negated.get(set) ?? negate(set);
  negated.set(set, result);
  return result;
}
