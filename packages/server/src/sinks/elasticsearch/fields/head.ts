/** The event fields of a document whose texts may read as numbers or addresses, as they are written there. */
const TEXTS = new Set(['host', 'pname', 'pid', 'msgid', 'msg']);

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Calls `visit` with the texts of host, pname, pid, msgid and msg of a document, without parsing it: they come first in it (interface.md 7). Texts with an escape are
 * left out: none of them reads as a number or an address. `long` is called with the name of each that has more than `longest` characters, `empty` when msg is the empty text.
 */
export function headTexts(
  document: string,
  longest: number,
  visit: (name: string, text: string) => void,
  long: (name: string) => void,
  empty: () => void,
): void {
  let at = 1;
  while (document.charCodeAt(at) === QUOTE) {
    const keyEnd = document.indexOf('"', at + 1);
    const key = document.slice(at + 1, keyEnd);
    // Only texts come before native and the like.
    if (document.charCodeAt(keyEnd + 2) !== QUOTE) return;
    const end = closingQuote(document, keyEnd + 3);
    if (TEXTS.has(key)) {
      const length = end - keyEnd - 3;
      if (mayRead(document.charCodeAt(keyEnd + 3))) visit(key, document.slice(keyEnd + 3, end));
      if (length > longest) long(key);
      if (length === 0 && key === 'msg') empty();
    }
    if (key === 'msg') return;
    at = end + 2;
  }
}

/** A digit, `-`, a hexadecimal letter or `:`. */
function mayRead(code: number): boolean {
  return (code >= 48 && code <= 58) || code === 45 || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

/** Where the text that begins at `from` ends. */
function closingQuote(document: string, from: number): number {
  for (let end = document.indexOf('"', from); ; end = document.indexOf('"', end + 1)) {
    if (end === -1) return document.length;
    let slashes = 0;
    while (document.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
}
