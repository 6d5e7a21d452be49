import { LEAF } from '../../../event/leaf.ts';
import type { Column, DictionaryStrings } from '../../../store/block.ts';
import { copyOf, emptyMask, intersect, simplify, unite, type Mask, type Selection } from './mask.ts';
import { textEntries } from './text-scan.ts';
import { inRange, type NumberRange, type ValueMatcher } from './value-test.ts';

/** The rows in which some entry of the column passes; only those among `candidates` matter. */
export function columnRows(column: Column, rows: number, test: ValueMatcher, candidates: Selection): Selection {
  if (candidates === false) return false;
  const wanted = column.rowStarts === null ? candidates : entriesOfRows(column.rowStarts, column.entries, candidates);
  return rowsOfEntries(column, rows, columnEntries(column, test, wanted));
}

/** The entries that pass; only those among `candidates` (entries) matter. */
export function columnEntries(column: Column, test: ValueMatcher, candidates: Selection): Selection {
  if (column.entries === 0) return false;
  if (column.tags === null) return uniformEntries(column, column.tag, test, candidates);
  return mixedEntries(column, column.tags, test, candidates);
}

/** Entry candidates from row candidates. */
function entriesOfRows(rowStarts: Uint32Array, entries: number, candidates: Selection): Selection {
  if (typeof candidates === 'boolean') return candidates;
  const wanted = emptyMask(entries);
  for (let row = candidates.indexOf(1); row !== -1; row = candidates.indexOf(1, row + 1))
    for (let entry = rowStarts[row]!; entry < rowStarts[row + 1]!; entry++) wanted[entry] = 1;
  return wanted;
}

/** A row is selected when one of its entries is. */
export function rowsOfEntries(column: Column, rows: number, entries: Selection): Selection {
  const { rowStarts } = column;
  if (rowStarts === null || entries === false) return entries;
  const mask = emptyMask(rows);
  for (let row = 0, entry = 0; row < rows; row++) {
    const end = rowStarts[row + 1]!;
    for (; entry < end; entry++) if (entries === true || entries[entry] === 1) mask[row] = 1;
  }
  return mask;
}

function uniformEntries(column: Column, tag: number, test: ValueMatcher, candidates: Selection): Selection {
  switch (tag) {
    case LEAF.true:
    case LEAF.false:
      return test.boolean(tag === LEAF.true);
    case LEAF.number:
      return numberEntries(column.numbers!, column.entries, test, candidates);
    case LEAF.string:
      return stringEntries(column, test, candidates);
    case LEAF.numberText:
      return numberTextEntries(column, test, candidates);
    default:
      return false;
  }
}

function stringEntries(column: Column, test: ValueMatcher, candidates: Selection): Selection {
  const strings = column.strings!;
  return strings.kind === 'dictionary'
    ? dictionaryEntries(strings, column.entries, (text) => test.text(text))
    : simplify(textEntries(strings, column.entries, test, candidates));
}

/** The test is run once for each distinct value. */
function dictionaryEntries(strings: DictionaryStrings, entries: number, test: (text: string) => boolean): Selection {
  const passes = new Uint8Array(strings.values.length);
  let passing = 0;
  for (const [index, value] of strings.values.entries())
    if (test(value)) {
      passes[index] = 1;
      passing++;
    }
  if (passing === 0) return false;
  const mask = emptyMask(entries);
  const { index } = strings;
  // Entries of other kinds have index 65,535, beyond the table: reads as undefined, stored as 0.
  for (let entry = 0; entry < entries; entry++) mask[entry] = passes[index[entry]!]!;
  return mask;
}

function numberEntries(numbers: Float64Array, entries: number, test: ValueMatcher, candidates: Selection): Selection {
  if (test.range !== undefined && !test.textual) return rangeEntries(numbers, entries, test.range);
  const mask = emptyMask(entries);
  // Tests of a number's text are slow and numbers of logs repeat.
  const known = new Map<number, boolean>();
  for (let entry = 0; entry < entries; entry++) {
    if (candidates !== true && (candidates as Mask)[entry] === 0) continue;
    const value = numbers[entry]!;
    let passes = known.get(value);
    if (passes === undefined) known.set(value, (passes = test.number(value, String(value))));
    if (passes) mask[entry] = 1;
  }
  return mask;
}

function rangeEntries(numbers: Float64Array, entries: number, range: NumberRange): Mask {
  const mask = emptyMask(entries);
  const { min, max, minInclusive, maxInclusive } = range;
  if (minInclusive && maxInclusive) {
    for (let i = 0; i < entries; i++) if (numbers[i]! >= min && numbers[i]! <= max) mask[i] = 1;
  } else for (let i = 0; i < entries; i++) if (inRange(range, numbers[i]!)) mask[i] = 1;
  return mask;
}

function numberTextEntries(column: Column, test: ValueMatcher, candidates: Selection): Selection {
  const mask = emptyMask(column.entries);
  for (let entry = 0; entry < column.entries; entry++)
    if (isCandidate(candidates, entry) && test.number(column.numbers![entry]!, stringAt(column, entry))) mask[entry] = 1;
  return mask;
}

function isCandidate(candidates: Selection, entry: number): boolean {
  return typeof candidates === 'boolean' ? candidates : candidates[entry] === 1;
}

/** The text of an entry that is a string or a number text. */
export function stringAt(column: Column, entry: number): string {
  const strings = column.strings!;
  return strings.kind === 'dictionary' ? strings.values[strings.index[entry]!]! : strings.value(entry);
}

function testNumber(test: ValueMatcher, value: number): boolean {
  return test.number(value, String(value));
}

/** Entries of several kinds: each kind by its own test. */
function mixedEntries(column: Column, tags: Uint8Array, test: ValueMatcher, candidates: Selection): Selection {
  const mask = emptyMask(column.entries);
  const yes = test.boolean(true);
  const no = test.boolean(false);
  let strings = false;
  for (let entry = 0; entry < column.entries; entry++) {
    const tag = tags[entry]!;
    if (tag === LEAF.string) strings = true;
    else if (tag === LEAF.number) mask[entry] = isCandidate(candidates, entry) && testNumber(test, column.numbers![entry]!) ? 1 : 0;
    else if (tag === LEAF.numberText)
      mask[entry] = isCandidate(candidates, entry) && test.number(column.numbers![entry]!, stringAt(column, entry)) ? 1 : 0;
    else if (tag !== LEAF.null) mask[entry] = (tag === LEAF.true ? yes : no) ? 1 : 0;
  }
  if (!strings) return mask;
  const isString = emptyMask(column.entries);
  for (let entry = 0; entry < column.entries; entry++) isString[entry] = tags[entry] === LEAF.string ? 1 : 0;
  const found = intersect(stringEntries(column, test, intersect(copyOf(isString), candidates)), isString);
  return unite(mask, found);
}
