import type { Address, Network } from '@meniscus/query';
import { nameKey, wordPrefix } from './names.ts';

/**
 * What stands in the index-only fields, for the sink that writes it and the search back end that looks for it. A *name* is `native.http.status`, `normalized.sshd.user`,
 * `*.user` (a leaf of normalized without its pattern) or an event field (`host`).
 */

/** Values above so many UTF-16 units have no term in `values`; their names are in `long`. No query's text is as long, so only wildcards and expressions need care. */
export const VALUE_MAX = 8_192;
/** A term is a key, `=` and a value. Lucene takes 32,766 bytes, three a UTF-16 unit. */
export const TERM_MAX = VALUE_MAX + 1_024;
/** Words are cut here in the index: longer than any word of a query, with or without its prefix. */
export const WORD_MAX = VALUE_MAX + 13;

/** A value's text: `native.user=bob`. */
export function valueTerm(name: string, text: string): string {
  return `${nameKey(name)}=${text}`;
}

/** What a value is: a text, a number, a boolean, or the empty text. */
export type ValueKind = 's' | 'n' | 'b' | 'e';

/** Notes in `names` that a leaf has a value of this kind: `native.user=s`. A name without kind is that of an object. */
export function kindTerm(name: string, kind: ValueKind): string {
  return `${nameKey(name)}=${kind}`;
}

/** The terms in `names` of which one says that `NAME:*` holds. */
export function existTerms(name: string): string[] {
  return [nameKey(name), kindTerm(name, 's'), kindTerm(name, 'n'), kindTerm(name, 'b')];
}

/** One folded word of a value of this name. */
export function fieldWord(name: string, word: string): string {
  return wordPrefix(name) + word;
}

export function numberTerm(name: string, value: number): string {
  return `${nameKey(name)}=${sortableNumber(value)}`;
}

export function addressTerm(name: string, address: Address): string {
  return `${nameKey(name)}=${addressText(address)}`;
}

/** Terms from `first` to `last`, inclusive. */
export interface TermRange {
  readonly first: string;
  readonly last: string;
}

/** All addresses of a network. Families begin differently, so `::/0` has no IPv4 address. */
export function networkRange(name: string, network: Network): TermRange {
  const key = nameKey(name);
  const first = addressText({ family: network.family, groups: masked(network, 0) });
  const last = addressText({ family: network.family, groups: masked(network, 1) });
  return { first: `${key}=${first}`, last: `${key}=${last}` };
}

function masked(network: Network, fill: 0 | 1): number[] {
  const width = network.family === 4 ? 32 : 16;
  return network.groups.map((group, index) => {
    const free = width - Math.min(Math.max(network.bits - index * width, 0), width);
    const low = 2 ** free - 1;
    const high = Math.floor(group / 2 ** free) * 2 ** free;
    return fill === 0 ? high : high + low;
  });
}

/** `4` and 8 hex digits, or `6` and 32. */
export function addressText(address: Address): string {
  const digits = address.family === 4 ? 8 : 4;
  return address.family + address.groups.map((group) => group.toString(16).padStart(digits, '0')).join('');
}

const bits = new DataView(new ArrayBuffer(8));

/** 16 hex digits that sort as doubles do: the IEEE bits, all flipped for negative numbers, else the sign alone. -0 is 0. */
export function sortableNumber(value: number): string {
  bits.setFloat64(0, value === 0 ? 0 : value);
  let high = bits.getUint32(0);
  let low = bits.getUint32(4);
  if (high >= 0x80000000) {
    high = ~high >>> 0;
    low = ~low >>> 0;
  } else high += 0x80000000;
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
