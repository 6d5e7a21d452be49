import type { CodeSet, Node } from './ast.ts';
import { RegexSyntaxError } from './ast.ts';
import { clip, codeSet, MAX_CODE } from './code-set.ts';

const FIRST = 0x10000;
/** Lone surrogates: no well-formed text has them, so they are free to stand for something else. The last three are for line ends. */
const FIRST_UNIT = 0xd800;
const MAX_CLASSES = 0x7fd;
const MAX_WORK = 5_000_000;
const ASTRAL = /[\u{10000}-\u{10ffff}]/gu;

/**
 * JavaScript without the `u` flag, which the linear engine lacks, sees a code point beyond the basic plane as two characters. To have every
 * code point be one, those that the expression does not tell apart become one lone surrogate, in the text and in the sets.
 */
export class AstralClasses {
  /** Where intervals of equal treatment begin, ascending from 0x10000, and the unit each one becomes. */
  readonly #starts: readonly number[];
  readonly #units: readonly number[];

  /** @throws RegexSyntaxError if the expression tells too many apart */
  constructor(node: Node) {
    const sets = distinctSets(node);
    const starts = new Set([FIRST]);
    for (const set of sets) {
      for (let index = 0; index < set.length; index += 2) starts.add(set[index]!).add(set[index + 1]! + 1);
    }
    starts.delete(MAX_CODE + 1);
    this.#starts = [...starts].sort((a, b) => a - b);
    if (this.#starts.length * sets.length > MAX_WORK) throw new RegexSyntaxError('the expression is too large');
    this.#units = classify(this.#starts, sets);
  }

  /** The set with the basic plane as it is and what is beyond as units. */
  apply(set: CodeSet): CodeSet {
    const beyond = clip(set, FIRST, MAX_CODE);
    const units = this.#starts.flatMap((start, index) => (contains(beyond, start) ? [this.#units[index]!, this.#units[index]!] : []));
    return codeSet([...clip(set, 0, FIRST_UNIT - 1), ...clip(set, 0xe000, 0xffff), ...units]);
  }

  /** The text with what is beyond the basic plane as units. */
  rewrite(text: string): string {
    return text.replace(ASTRAL, (char) => String.fromCharCode(this.#unitOf(char.codePointAt(0)!)));
  }

  #unitOf(code: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= code) low = middle;
      else high = middle;
    }
    return this.#units[low]!;
  }
}

/** One unit for each way of being in the sets or not. */
function classify(starts: readonly number[], sets: readonly CodeSet[]): number[] {
  const units = new Map<string, number>();
  const cursors = sets.map(() => 0);
  return starts.map((start) => {
    const key = sets.map((set, index) => member(set, cursors, index, start)).join('');
    const unit = units.get(key) ?? FIRST_UNIT + units.size;
    units.set(key, unit);
    if (units.size > MAX_CLASSES) throw new RegexSyntaxError('the expression is too large');
    return unit;
  });
}

/** Whether the code is in the set, its cursor moving with the codes, which ascend. */
function member(set: CodeSet, cursors: number[], index: number, code: number): 0 | 1 {
  let cursor = cursors[index]!;
  while (cursor < set.length && set[cursor + 1]! < code) cursor += 2;
  cursors[index] = cursor;
  return cursor < set.length && set[cursor]! <= code ? 1 : 0;
}

function contains(set: CodeSet, code: number): boolean {
  let low = 0;
  let high = set.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (set[2 * middle + 1]! < code) low = middle + 1;
    else high = middle;
  }
  return low < set.length / 2 && set[2 * low]! <= code;
}

/** What the expression's sets have beyond the basic plane, each once; all or nothing makes no difference. */
function distinctSets(node: Node): CodeSet[] {
  const found = new Map<string, CodeSet>();
  const seen = new Set<CodeSet>();
  const visit = (item: Node): void => {
    if (item.kind === 'sequence' || item.kind === 'choice') item.items.forEach(visit);
    else if (item.kind === 'repeat') visit(item.item);
    else if (item.kind === 'set' && !seen.has(item.set)) {
      seen.add(item.set);
      const beyond = clip(item.set, FIRST, MAX_CODE);
      const all = beyond.length === 2 && beyond[0] === FIRST && beyond[1] === MAX_CODE;
      if (beyond.length > 0 && !all) found.set(beyond.join(), beyond);
    }
  };
  visit(node);
  return [...found.values()];
}
