import type { CodeSet } from './ast.ts';
import { clip, codeSet, single } from './code-set.ts';

/** Where an expression will be used: `ascii` texts only, or any text, in UTF-16. `swapped` texts have gone through `swapLineEnds`. */
export type Alphabet = 'ascii' | 'any' | 'swapped';

/**
 * JavaScript's line anchors take `\r`, U+2028 and U+2029 for line ends too, RE2's only `\n`. Rather than with look-behind, which the linear
 * engine could not run, the difference is removed by exchanging the three for noncharacters, both in the text and in the expression.
 */
const SWAPS: readonly (readonly [number, number])[] = [
  [0x0d, 0xfdd0],
  [0x2028, 0xfdd1],
  [0x2029, 0xfdd2],
];
const SWAPPED = /[\r\u2028\u2029\ufdd0-\ufdd2]/g;
const PARTNERS: ReadonlyMap<string, string> = new Map(
  SWAPS.flatMap(([a, b]) => [
    [String.fromCharCode(a), String.fromCharCode(b)],
    [String.fromCharCode(b), String.fromCharCode(a)],
  ]),
);

/** Exchanges the line ends that only JavaScript knows for characters that end no line. */
export function swapLineEnds(text: string): string {
  return text.replace(SWAPPED, (char) => PARTNERS.get(char)!);
}

/**
 * Writes a set as JavaScript source without the `u` and `i` flags, which the linear engine does not have: beyond the basic plane as pairs of
 * surrogates. The result is one atom that can be repeated.
 */
export function emitSet(set: CodeSet, alphabet: Alphabet): string {
  if (alphabet === 'ascii') return emitUnits(clip(set, 0, 0x7f), 0x7f);
  const mapped = alphabet === 'swapped' ? swapSet(set) : set;
  const basic = [...clip(mapped, 0, 0xd7ff), ...clip(mapped, 0xe000, 0xffff)];
  const pairs = surrogatePairs(clip(mapped, 0x10000, 0x10ffff));
  if (pairs.length === 0) return emitUnits(basic, 0xffff);
  const choices = basic.length > 0 ? [emitUnits(basic, 0xffff), ...pairs] : pairs;
  return `(?:${choices.join('|')})`;
}

function swapSet(set: CodeSet): CodeSet {
  const moved = SWAPS.flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ]);
  let kept: number[] = [...set];
  const added: number[] = [];
  for (const [from, to] of moved as [number, number][]) {
    if (!has(set, from)) continue;
    kept = [...clip(kept, 0, from - 1), ...clip(kept, from + 1, 0x10ffff)];
    added.push(to, to);
  }
  return codeSet([...kept, ...added]);
}

function has(set: CodeSet, code: number): boolean {
  return clip(set, code, code).length > 0;
}

function emitUnits(set: CodeSet, last: number): string {
  if (set.length === 0) return '[]';
  if (set.length === 2 && set[0] === 0 && set[1] === last) return '[^]';
  const only = single(set);
  return only === undefined ? `[${spans(set)}]` : unit(only);
}

function spans(set: CodeSet): string {
  let source = '';
  for (let index = 0; index < set.length; index += 2) source += span(set[index]!, set[index + 1]!);
  return source;
}

function span(low: number, high: number): string {
  return low === high ? unit(low) : `${unit(low)}-${unit(high)}`;
}

/** A letter or digit as it is, everything else by number, so that nothing can be taken for syntax. */
function unit(code: number): string {
  const char = String.fromCharCode(code);
  if (/^[A-Za-z0-9]$/.test(char)) return char;
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Alternatives `[high][low]` that together are the ranges beyond the basic plane. */
function surrogatePairs(set: CodeSet): string[] {
  const choices: string[] = [];
  for (let index = 0; index < set.length; index += 2) choices.push(...pairsOf(set[index]!, set[index + 1]!));
  return choices;
}

function pairsOf(low: number, high: number): string[] {
  const [firstHigh, firstLow] = surrogates(low);
  const [lastHigh, lastLow] = surrogates(high);
  if (firstHigh === lastHigh) return [pair(firstHigh, firstHigh, firstLow, lastLow)];
  const choices: string[] = [];
  const from = firstLow === 0xdc00 ? firstHigh : firstHigh + 1;
  const to = lastLow === 0xdfff ? lastHigh : lastHigh - 1;
  if (from > firstHigh) choices.push(pair(firstHigh, firstHigh, firstLow, 0xdfff));
  if (from <= to) choices.push(pair(from, to, 0xdc00, 0xdfff));
  if (to < lastHigh) choices.push(pair(lastHigh, lastHigh, 0xdc00, lastLow));
  return choices;
}

function surrogates(code: number): [number, number] {
  const offset = code - 0x10000;
  return [0xd800 + (offset >> 10), 0xdc00 + (offset & 0x3ff)];
}

function pair(highFrom: number, highTo: number, lowFrom: number, lowTo: number): string {
  return emitUnits([highFrom, highTo], 0xffff) + emitUnits([lowFrom, lowTo], 0xffff);
}
