/** What the server takes at most. */
export const DOCUMENT_MAX = 16 * 1024 * 1024;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** An upper bound of a value's bytes beside its text: a type, a length, an index as key, an end. */
const VALUE_BYTES = 24;
/** UTF-8 bytes of one UTF-16 unit at most. */
const UNIT_BYTES = 3;

/** A key as the server can hold it: `.`, NUL, `%` and a leading `$` as `%` and two hex digits, like in a URL. No two keys become the same. */
export function escapeKey(key: string): string {
  if (!/[.%\0]|^\$/.test(key)) return key;
  return key.replace(/%/g, '%25').replace(/\./g, '%2E').replace(/\0/g, '%00').replace(/^\$/, '%24');
}

/**
 * Turns documents into what the driver takes. Objects below `native` and `normalized` become Maps: their keys are senders' own, and the driver gives a meaning to some keys of plain objects (`_bsontype`, `toBSON`).
 */
export class DocumentMaker {
  /** After `make`: an upper bound of the document's bytes. */
  bytes = 0;

  make(id: string, document: Readonly<Record<string, unknown>>): Record<string, unknown> {
    this.bytes = VALUE_BYTES + id.length;
    const made: Record<string, unknown> = { _id: id };
    for (const [key, value] of Object.entries(document)) {
      this.bytes += key.length;
      made[key] = this.value(value);
    }
    return made;
  }

  private value(value: unknown): unknown {
    this.bytes += VALUE_BYTES;
    if (typeof value === 'string') this.bytes += value.length * UNIT_BYTES;
    if (typeof value === 'bigint') return this.integer(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((element) => this.value(element));
    return this.map(value as Record<string, unknown>);
  }

  /** An int64 where it is one, else its text. */
  private integer(value: bigint): bigint | string {
    if (value >= INT64_MIN && value <= INT64_MAX) return value;
    const text = String(value);
    this.bytes += text.length;
    return text;
  }

  private map(object: Record<string, unknown>): Map<string, unknown> {
    const map = new Map<string, unknown>();
    for (const [key, value] of Object.entries(object)) {
      const escaped = escapeKey(key);
      this.bytes += escaped.length * UNIT_BYTES;
      map.set(escaped, this.value(value));
    }
    return map;
  }
}
