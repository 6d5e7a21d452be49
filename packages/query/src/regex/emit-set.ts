import type { CodeSet } from './ast.ts';
import { clip, codeSet, MAX_CODE, single } from './code-set.ts';

/**
 * JavaScript's line anchors take `\r`, U+2028 and U+2029 for line ends too, RE2's only `\n`. Rather than with look-behind, which the linear
 * engine may not run, the difference is removed by writing the three as lone surrogates, both in the text and in the sets.
 */
const LINE_ENDS: ReadonlyMap<number, number> = new Map([
  [0x0d, 0xdffd],
  [0x2028, 0xdffe],
  [0x2029, 0xdfff],
]);
const LINE_END = /[\r\u2028\u2029]/g;

/** Rewrites the line ends that only JavaScript knows. */
export function hideLineEnds(text: string): string {
  return text.replace(LINE_END, (char) => String.fromCharCode(LINE_ENDS.get(char.charCodeAt(0))!));
}

/** The set for texts that have gone through `hideLineEnds`. */
export function hideInSet(set: CodeSet): CodeSet {
  let kept: CodeSet = set;
  const added: number[] = [];
  for (const [from, to] of LINE_ENDS) {
    if (clip(set, from, from).length === 0) continue;
    kept = [...clip(kept, 0, from - 1), ...clip(kept, from + 1, MAX_CODE)];
    added.push(to, to);
  }
  return added.length === 0 ? set : codeSet([...kept, ...added]);
}

/** Writes a set of UTF-16 units, of which `last` is the highest there is, as one atom of JavaScript source that needs no flags. */
export function emitUnits(set: CodeSet, last: number): string {
  const units = clip(set, 0, last);
  if (units.length === 0) return '[]';
  if (units.length === 2 && units[0] === 0 && units[1] === last) return '[^]';
  const only = single(units);
  if (only !== undefined) return unit(only);
  let source = '';
  for (let index = 0; index < units.length; index += 2) source += span(units[index]!, units[index + 1]!);
  return `[${source}]`;
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
