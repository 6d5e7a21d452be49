/** The escapes of literals and of extra data: `\a \b \f \n \r \t \' \" \? \\ \0` and `\xHH`; any other stays as it is. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ["'", "'"],
  ['"', '"'],
  ['?', '?'],
  ['\\', '\\'],
  ['0', ''],
]);

/** Decodes a byte string. Decoded NULs are dropped. */
export function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:x([0-9A-Fa-f]{2})|([^x]))/g, (whole: string, hex: string | undefined, char: string | undefined) => {
    if (hex !== undefined) return hex === '00' ? '' : String.fromCharCode(Number.parseInt(hex, 16));
    return NAMED.get(char!) ?? whole;
  });
}
