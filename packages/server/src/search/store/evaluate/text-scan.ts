import type { TextStrings } from '../../../store/block.ts';
import { countOf, emptyMask, type Mask, type Selection } from './mask.ts';
import type { ValueMatcher } from './value-test.ts';

type Scan = NonNullable<ValueMatcher['scan']>;

/** Below this share of candidates the entries are tested one by one instead of scanning all. */
const SCAN_SHARE = 1 / 12;
const NOT_ASCII = /[\x80-\xff]/g;

/** The entries of a text column whose string matches; only those among `candidates` matter. */
export function textEntries(strings: TextStrings, entries: number, test: ValueMatcher, candidates: Selection): Mask {
  const hits = emptyMask(entries);
  const wanted = countOf(candidates, entries);
  if (test.scan === undefined || wanted < entries * SCAN_SHARE) testEach(strings, test, candidates, hits);
  else scanAll(strings, test, test.scan, hits);
  return hits;
}

function testEach(strings: TextStrings, test: ValueMatcher, candidates: Selection, hits: Mask): void {
  if (candidates === false) return;
  for (let entry = 0; entry < hits.length; entry++) {
    if (candidates !== true && candidates[entry] === 0) continue;
    if (test.text(strings.value(entry))) hits[entry] = 1;
  }
}

/**
 * One search over the whole run. What it says is exact for ASCII entries; entries with other characters are decoded and tested one by one.
 * After a hit the search goes on with the next entry: one hit is enough.
 */
function scanAll(strings: TextStrings, test: ValueMatcher, scan: Scan, hits: Mask): void {
  const text = strings.text();
  const { starts } = strings;
  const decoded = strings.ascii ? undefined : nonAsciiEntries(strings, hits.length);
  const pattern = scan.ascii;
  let entry = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const length = match[0].length;
    entry = entryAt(starts, entry, hits.length, match.index);
    if (entry >= hits.length) break;
    const next = starts[entry + 1]!;
    if (decoded === undefined || decoded[entry] === 0) {
      // A hit that runs into the next value says nothing of this one.
      const certain = scan.exact && match.index + length < next;
      if (certain && !standsAlone(scan, text, match.index, length)) {
        if (length === 0) pattern.lastIndex++;
        continue;
      }
      if (certain || test.text(strings.value(entry))) hits[entry] = 1;
    }
    pattern.lastIndex = next;
  }
  if (decoded !== undefined) testEach(strings, test, decoded, hits);
}

/** Values are joined by newlines, which are no word characters: the neighbours in the run serve as well as those in the value. */
function standsAlone(scan: Scan, text: string, index: number, length: number): boolean {
  if (scan.before && isWordCode(text.charCodeAt(index - 1))) return false;
  return !(scan.after && isWordCode(text.charCodeAt(index + length)));
}

/** Of ASCII; NaN, beyond the ends, is none. */
function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95;
}

/** The entry that holds an offset at or after the start of entry `from`: gallops, since hits are often close. */
function entryAt(starts: Uint32Array, from: number, entries: number, offset: number): number {
  let step = 1;
  let low = from;
  while (low + step < entries && starts[low + step]! <= offset) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, entries);
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return offset < starts[entries]! ? low : entries;
}

const nonAscii = new WeakMap<TextStrings, Mask>();

/** Which entries have a byte above 127; found once. */
function nonAsciiEntries(strings: TextStrings, entries: number): Mask {
  let mask = nonAscii.get(strings);
  if (mask !== undefined) return mask;
  mask = emptyMask(entries);
  const text = strings.text();
  let entry = 0;
  NOT_ASCII.lastIndex = 0;
  for (let match = NOT_ASCII.exec(text); match !== null; match = NOT_ASCII.exec(text)) {
    entry = entryAt(strings.starts, entry, entries, match.index);
    mask[entry] = 1;
    NOT_ASCII.lastIndex = strings.starts[entry + 1]!;
  }
  nonAscii.set(strings, mask);
  return mask;
}
