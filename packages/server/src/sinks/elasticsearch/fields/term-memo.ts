import { parseAddress } from '@meniscus/query';
import { addressText, sortableNumber } from './terms.ts';

/** What is remembered; when full it is forgotten, since making it again is cheap. */
const TERMS_MAX = 20_000;

/** The terms of numbers and addresses, of which logs repeat the same few thousands. */
export class TermMemo {
  private readonly numbers = new Map<number, string>();
  private readonly addresses = new Map<string, string | undefined>();

  number(value: number): string {
    let term = this.numbers.get(value);
    if (term === undefined) {
      term = sortableNumber(value);
      if (this.numbers.size >= TERMS_MAX) this.numbers.clear();
      this.numbers.set(value, term);
    }
    return term;
  }

  /** Undefined when the text is no address. */
  address(text: string): string | undefined {
    if (this.addresses.has(text)) return this.addresses.get(text);
    const address = parseAddress(text);
    const term = address && addressText(address);
    if (this.addresses.size >= TERMS_MAX) this.addresses.clear();
    this.addresses.set(text, term);
    return term;
  }
}
