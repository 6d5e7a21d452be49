/** JSON escaping from bytes to bytes. */
const HEX = '0123456789abcdef';
/** 0 for a byte that stands for itself, 1 for one that needs `\u00xx`, else the byte after the backslash. */
export const ESCAPES: Uint8Array = makeTable();

function makeTable(): Uint8Array {
  const table = new Uint8Array(256);
  table.fill(1, 0, 32);
  for (const [byte, letter] of [
    [34, '"'],
    [92, '\\'],
    [47, '/'],
    [8, 'b'],
    [12, 'f'],
    [10, 'n'],
    [13, 'r'],
    [9, 't'],
  ] as const) {
    table[byte] = letter.charCodeAt(0);
  }
  return table;
}

/** Greatest number of bytes that one byte becomes. */
export const WORST = 6;

/** Writes `line[from..to)` escaped at `at`, where there is room for the worst case. Returns the offset after it. */
export function escapeInto(out: Uint8Array, at: number, line: Uint8Array, from: number, to: number): number {
  let o = at;
  for (let i = from; i < to; i += 1) {
    const byte = line[i]!;
    const escape = ESCAPES[byte]!;
    if (escape === 0) {
      out[o] = byte;
      o += 1;
    } else if (escape === 1) {
      o = unicodeEscape(out, o, byte);
    } else {
      out[o] = 92;
      out[o + 1] = escape;
      o += 2;
    }
  }
  return o;
}

function unicodeEscape(out: Uint8Array, at: number, byte: number): number {
  out[at] = 92;
  out[at + 1] = 117;
  out[at + 2] = 48;
  out[at + 3] = 48;
  out[at + 4] = HEX.charCodeAt(byte >> 4);
  out[at + 5] = HEX.charCodeAt(byte & 15);
  return at + 6;
}
