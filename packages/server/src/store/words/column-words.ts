import { LEAF } from '../../event/leaf.ts';
import type { Column } from '../block.ts';
import type { WordSet } from './words.ts';

/** Columns whose strings are no words of the event (query-language.md 5). */
const NO_WORDS: ReadonlySet<string> = new Set(['pid', 'producer']);

/** Adds the words of a column's strings, if it is one that a search for words looks at. */
export function addColumnWords(words: WordSet, { name, tag, tags, strings }: Column): void {
  if (strings === null || NO_WORDS.has(name) || (tags === null ? tag !== LEAF.string : !tags.includes(LEAF.string))) return;
  if (strings.kind === 'text') words.addBytes(strings.bytes, strings.ascii);
  else for (const value of strings.values) words.addText(value);
}
