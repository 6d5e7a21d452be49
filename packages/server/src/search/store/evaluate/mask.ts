/**
 * Which rows of a block are selected: one byte a row, 1 or 0, or a boolean for all and none. Bytes, not bits: rows are set in loops over columns,
 * where a plain store is cheapest, and 16,384 of them are combined in a few microseconds.
 */
export type Mask = Uint8Array;

/** `true`: every row; `false`: no row. */
export type Selection = Mask | boolean;

/** A mask with no row, its buffer a whole number of 32-bit words. */
export function emptyMask(rows: number): Mask {
  return new Uint8Array(new ArrayBuffer((rows + 3) & ~3), 0, rows);
}

export function fullMask(rows: number): Mask {
  return emptyMask(rows).fill(1);
}

/** The rows from `from` to `to` (exclusive). */
export function rangeMask(rows: number, from: number, to: number): Selection {
  if (from >= to) return false;
  if (from <= 0 && to >= rows) return true;
  return emptyMask(rows).fill(1, from, to);
}

function words(mask: Mask): Uint32Array {
  return new Uint32Array(mask.buffer, mask.byteOffset, (mask.length + 3) >>> 2);
}

/** Both. May write into `a`, never into `b`. */
export function intersect(a: Selection, b: Selection): Selection {
  if (a === false || b === false) return false;
  if (a === true) return b === true ? true : copyOf(b);
  if (b === true) return a;
  const into = words(a);
  const other = words(b);
  for (let i = 0; i < into.length; i++) into[i] = into[i]! & other[i]!;
  return a;
}

/** Either. May write into `a`, never into `b`. */
export function unite(a: Selection, b: Selection): Selection {
  if (a === true || b === true) return true;
  if (a === false) return b === false ? false : copyOf(b);
  if (b === false) return a;
  const into = words(a);
  const other = words(b);
  for (let i = 0; i < into.length; i++) into[i] = into[i]! | other[i]!;
  return a;
}

/** The rows of `a` that are not in `b`, as a new mask (or a boolean). */
export function subtract(a: Selection, b: Selection, rows: number): Selection {
  if (a === false || b === true) return false;
  if (b === false) return a === true ? true : copyOf(a);
  const rest = a === true ? fullMask(rows) : copyOf(a);
  const into = words(rest);
  const other = words(b);
  for (let i = 0; i < into.length; i++) into[i] = into[i]! & ~other[i]!;
  return rest;
}

/** The complement; may write into `a`. */
export function invert(a: Selection): Selection {
  if (typeof a === 'boolean') return !a;
  for (let i = 0; i < a.length; i++) a[i] = a[i]! ^ 1;
  return a;
}

export function copyOf(mask: Mask): Mask {
  const copy = emptyMask(mask.length);
  copy.set(mask);
  return copy;
}

/** How many rows are selected. */
export function countOf(selection: Selection, rows: number): number {
  if (typeof selection === 'boolean') return selection ? rows : 0;
  const lanes = words(selection);
  let count = 0;
  for (let i = 0; i < lanes.length;) {
    // Bytes of 0 and 1 add up without carry for 255 words at a time.
    let sum = 0;
    const end = Math.min(lanes.length, i + 255);
    for (; i < end; i++) sum = (sum + lanes[i]!) | 0;
    count += (sum & 0xff) + ((sum >>> 8) & 0xff) + ((sum >>> 16) & 0xff) + (sum >>> 24);
  }
  return count;
}

/** A selection without any row becomes `false`, one with every row `true`. */
export function simplify(selection: Selection): Selection {
  if (typeof selection === 'boolean') return selection;
  const count = countOf(selection, selection.length);
  return count === 0 ? false : count === selection.length ? true : selection;
}

/** The selected rows in order. */
export function rowsOf(selection: Selection, rows: number): Uint32Array {
  const list = new Uint32Array(countOf(selection, rows));
  let at = 0;
  if (typeof selection === 'boolean') for (; at < list.length; at++) list[at] = at;
  else if (list.length * 64 < rows) for (let row = selection.indexOf(1); row !== -1; row = selection.indexOf(1, row + 1)) list[at++] = row;
  else for (let row = 0; at < list.length; row++) if (selection[row] === 1) list[at++] = row;
  return list;
}
