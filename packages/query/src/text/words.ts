/**
 * What a word is and when two texts are equal but for case. `[\p{L}\p{Nd}_]` was chosen because it is the same class in RE2, JavaScript and
 * Java, so that every back end can cut text in the same places.
 */

const WORD = /[\p{L}\p{Nd}_]/u;
const WORDS = /[\p{L}\p{Nd}_]+/gu;
const ASCII_WORDS = /\w+/g;
const NOT_ASCII = /[^\0-\x7f]/;

/** True where every UTF-16 unit is below 128: such a text is its own folding but for A-Z, and `\w` is the word class. */
export function isAscii(text: string): boolean {
  return !NOT_ASCII.test(text);
}

/**
 * Replaces each code point by its simple lower case, and final sigma by sigma: two texts are equal "ignoring case" when their foldings are.
 * `toLowerCase` differs from the simple mapping at two places only: it makes two code points of a dotted capital I, and a final sigma of a
 * capital sigma at the end of a word.
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text.replaceAll('İ', 'i').toLowerCase().replaceAll('ς', 'σ');
}

/** The folded words of a text in order: maximal runs of letters, decimal digits and `_`. */
export function wordsOf(text: string): string[] {
  const folded = fold(text);
  return folded.match(isAscii(folded) ? ASCII_WORDS : WORDS) ?? [];
}

/** True if the code point belongs to words. */
export function isWordCode(code: number): boolean {
  if (code < 128) return isAsciiWordCode(code);
  return WORD.test(String.fromCodePoint(code));
}

/** The same for a code below 128. */
export function isAsciiWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95;
}

/** True if the code point that starts at `index` belongs to words; false at the end of the text. */
export function isWordAt(text: string, index: number): boolean {
  const code = text.codePointAt(index);
  return code !== undefined && isWordCode(code);
}

/** True if the code point that ends just before `index` belongs to words; false at the start of the text. */
export function isWordBefore(text: string, index: number): boolean {
  if (index === 0) return false;
  const unit = text.charCodeAt(index - 1);
  if (unit < 128) return isAsciiWordCode(unit);
  const low = unit >= 0xdc00 && unit <= 0xdfff;
  return isWordAt(text, low && index > 1 ? index - 2 : index - 1);
}
