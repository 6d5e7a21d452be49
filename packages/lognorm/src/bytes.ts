/**
 * Bytes and byte strings. A rulebase and a log line are bytes, not characters; inside the package their text is kept as "byte strings":
 * JavaScript strings in which each code unit is one byte (latin1). That keeps invalid UTF-8 intact from line to output.
 */

/** Character classes of the C locale, one bit each, indexed by byte. */
export const DIGIT = 1;
export const ALPHA = 2;
export const SPACE = 4;
export const HEX = 8;
export const UPPER = 16;
/** `A-Za-z0-9._-`, the bytes of a name in a name-value list. */
export const NAME = 32;

function classify(byte: number): number {
  const char = String.fromCharCode(byte);
  let bits = 0;
  if (/[0-9]/.test(char)) bits |= DIGIT;
  if (/[A-Za-z]/.test(char)) bits |= ALPHA;
  if (/[ \t\n\v\f\r]/.test(char)) bits |= SPACE;
  if (/[0-9A-Fa-f]/.test(char)) bits |= HEX;
  if (/[A-Z]/.test(char)) bits |= UPPER;
  if (/[A-Za-z0-9._-]/.test(char)) bits |= NAME;
  return bits;
}

export const CLASS: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 128 ? classify(byte) : 0));

export function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

export function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

/** The bytes of a byte string. */
export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** A byte string of a range of bytes. */
export function byteString(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return asBuffer(bytes).toString('latin1', from, to);
}

/** The byte string of ordinary text: its UTF-8 bytes. */
export function encodeText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

const NON_ASCII = /[\u0080-\u00ff]/;

/** The ordinary text of a byte string; invalid UTF-8 becomes U+FFFD. */
export function decodeText(text: string): string {
  return NON_ASCII.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}

/** The same memory as a Buffer, whose slicing methods are the fast ones. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
