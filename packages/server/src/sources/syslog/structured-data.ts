import type { Message } from './message.ts';
import { Words } from './words.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const SPACE = 0x20;
const EQUALS = 0x3d;
/** RFC 5424 says 32; more is taken, within reason. */
const NAME_MAX = 255;

type Element = Record<string, unknown>;

/** An object in which `__proto__` is a key like any other. */
const bare = (): Element => Object.create(null) as Element;

/** End of a structured-data name: printable characters without `=`, `]`, `"` and space (RFC 5424 section 6.3.2). */
function nameEnd(buffer: Buffer, at: number, to: number): number {
  let i = at;
  for (; i < to; i++) {
    const byte = buffer[i]!;
    if (byte <= SPACE || byte === EQUALS || byte === CLOSE || byte === QUOTE) break;
  }
  return i - at > NAME_MAX ? at : i;
}

/** `\"`, `\\` and `\]` stand for the second character; a backslash before anything else is itself (RFC 5424 section 6.3.3). */
export function unescapeValue(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\\]])/g, '$1') : text;
}

/**
 * Where the element that starts at `at` ends (behind its `]`), as its escapes and quotes say; -1 when it does not end before `to`.
 * Nothing else is checked.
 */
export function elementEnd(buffer: Buffer, at: number, to: number): number {
  let quoted = false;
  for (let i = at + 1; i < to; i++) {
    const byte = buffer[i]!;
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === BACKSLASH && quoted) i++;
    else if (byte === CLOSE && !quoted) return i + 1;
  }
  return -1;
}

/** Told of each element in turn; true: this one is not for `native`. */
export interface ElementFilter {
  isCredentials(buffer: Buffer, from: number, to: number): boolean;
}

/**
 * Reads structured data (RFC 5424 section 6.3) into `native`: `{id: {name: value}}`. A repeated parameter becomes an array, repeated elements
 * are merged. An unescaped `]` in a quoted value is taken as part of it, and noted.
 */
export class StructuredDataReader {
  private readonly filter: ElementFilter;
  private readonly names = new Words();
  private at = 0;

  constructor(filter: ElementFilter) {
    this.filter = filter;
  }

  /** Reads the elements at `at`; gives where they end, or where the reading broke off, having noted a breach of form in `message`. */
  read(message: Message, at: number): number {
    const { buffer, to } = message;
    this.at = at;
    while (this.at < to && buffer[this.at] === OPEN) {
      const from = this.at;
      const end = elementEnd(buffer, from, to);
      if (this.filter.isCredentials(buffer, from, end < 0 ? to : end)) {
        if (end < 0) message.breach('the structured data do not end');
        if (end < 0) return to;
        this.at = end;
      } else if (!this.element(message)) return this.at;
    }
    return this.at;
  }

  private element(message: Message): boolean {
    const { buffer, to } = message;
    const from = this.at + 1;
    const end = nameEnd(buffer, from, to);
    if (end === from) return this.broken(message, 'an element of the structured data has no name');
    const native = (message.native ??= bare());
    const element = ((native[this.name(buffer, from, end)] as Element | undefined) ??= this.added(native, buffer, from, end));
    this.at = end;
    while (this.at < to && buffer[this.at] === SPACE) {
      while (this.at < to && buffer[this.at] === SPACE) this.at++;
      if (buffer[this.at] === CLOSE) break;
      if (!this.parameter(message, element)) return false;
    }
    if (this.at >= to || buffer[this.at] !== CLOSE) return this.broken(message, 'an element of the structured data does not end');
    this.at++;
    return true;
  }

  private added(native: Element, buffer: Buffer, from: number, to: number): Element {
    const element = bare();
    native[this.name(buffer, from, to)] = element;
    return element;
  }

  private name(buffer: Buffer, from: number, to: number): string {
    return this.names.read(buffer, from, to);
  }

  private parameter(message: Message, element: Element): boolean {
    const { buffer, to } = message;
    const end = nameEnd(buffer, this.at, to);
    if (end === this.at || buffer[end] !== EQUALS || buffer[end + 1] !== QUOTE || end + 1 >= to) {
      return this.broken(message, 'a parameter of the structured data is not name="value"');
    }
    const name = this.name(buffer, this.at, end);
    const from = end + 2;
    const close = this.valueEnd(message, from);
    if (close < 0) {
      this.at = from;
      return this.broken(message, 'a value of the structured data does not end');
    }
    const value = unescapeValue(buffer.utf8Slice(from, close));
    const present = element[name];
    if (present === undefined) element[name] = value;
    else if (Array.isArray(present)) present.push(value);
    else element[name] = [present, value];
    this.at = close + 1;
    return true;
  }

  /** Position of the quote that ends a value, -1 when there is none. */
  private valueEnd(message: Message, from: number): number {
    const { buffer, to } = message;
    let bracket = false;
    for (let i = from; i < to; i++) {
      const byte = buffer[i]!;
      if (byte === BACKSLASH) i++;
      else if (byte === CLOSE) bracket = true;
      else if (byte === QUOTE) {
        if (bracket) message.breach('a "]" in a value of the structured data is not escaped');
        return i;
      }
    }
    return -1;
  }

  private broken(message: Message, text: string): false {
    message.breach(text);
    return false;
  }
}
