/** Where the elements of a JSON array lie, found without parsing them: for arrays too large to parse whole or with elements that are no JSON, and for the raw text of a refused element. */

/** The end of the string that begins at `at` (a quote): the index after its closing quote, or the text's length. */
function endOfString(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 92) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/**
 * Yields [from, to) of each element's text of the array that `text` is. Never throws, and leaves nothing out: what is no array gives what looks like elements, and their
 * parsing fails; what follows the array, or is not closed, comes as a last one.
 */
export function* elementsOf(text: string): Generator<readonly [number, number]> {
  const open = text.indexOf('[');
  let depth = 0;
  let from = open + 1;
  for (let i = open + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) i = endOfString(text, i) - 1;
    else if (c === 91 || c === 123) depth++;
    else if (c === 44 && depth === 0) {
      yield [from, i];
      from = i + 1;
    } else if (c === 93 || c === 125) {
      if (depth-- > 0) continue;
      if (text.slice(from, i).trim() !== '') yield [from, i];
      from = i + 1;
      break;
    }
  }
  if (text.slice(from).trim() !== '') yield [from, text.length];
}

/** Whether the text ends as an array does: what is cut off is none. */
export function endsAsArray(text: string): boolean {
  return text.trimEnd().endsWith(']');
}
