/** `annotate=`: fixed fields added to the results of rules that bear a tag. */
import { RuleError } from '../errors.ts';

export type Assignment = readonly [name: string, value: string];

const TAG = /[A-Za-z0-9_.]+/y;
const BLANKS = /[ \t\n\v\f\r]*/y;

class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  byte(expected: string): void {
    if (this.text[this.at] !== expected) throw invalid(`expected '${expected}' at offset ${this.at}`);
    this.at += 1;
  }
}

function invalid(message: string): RuleError {
  return new RuleError('invalid-annotation', `annotation: ${message}`);
}

function assignment(cursor: Cursor): Assignment {
  cursor.byte('+');
  const name = cursor.take(TAG);
  if (name === '') throw invalid('a field name is missing');
  cursor.byte('=');
  cursor.take(BLANKS);
  cursor.byte('"');
  const end = cursor.text.indexOf('"', cursor.at);
  const value = cursor.text.slice(cursor.at, end < 0 ? undefined : end);
  cursor.at = end < 0 ? cursor.text.length : end + 1;
  return [name, value];
}

/** Parses the text after `annotate=`. Throws for anything invalid, which loses the whole directive. */
export function parseAnnotation(text: string, version: 1 | 2): { tag: string; assignments: Assignment[] } {
  const cursor = new Cursor(text);
  const tag = cursor.take(TAG);
  if (tag === '') throw invalid('a tag name is missing');
  cursor.take(BLANKS);
  cursor.byte(':');
  const assignments: Assignment[] = [];
  for (;;) {
    cursor.take(BLANKS);
    const next = text[cursor.at];
    if (next === undefined || (next === '#' && version === 2)) return { tag, assignments };
    assignments.push(assignment(cursor));
  }
}

/** All annotations of a rulebase. */
export class Annotations {
  private readonly byTag = new Map<string, Assignment[][]>();

  add(text: string, version: 1 | 2): void {
    const { tag, assignments } = parseAnnotation(text, version);
    const directives = this.byTag.get(tag);
    if (directives === undefined) this.byTag.set(tag, [assignments]);
    else directives.push(assignments);
  }

  /**
   * The assignments for a rule's tags, in the order in which they are made: tags from last to first, of each the directives from last to
   * first; within the first directive right to left, within later ones left to right.
   */
  forTags(tags: readonly string[]): Assignment[] {
    const result: Assignment[] = [];
    for (const tag of [...tags].reverse()) {
      const [first = [], ...later] = this.byTag.get(tag) ?? [];
      for (const directive of later.reverse()) result.push(...directive);
      result.push(...[...first].reverse());
    }
    return result;
  }
}
