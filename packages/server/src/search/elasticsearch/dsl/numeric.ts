import type { Network, RangeTest } from '@meniscus/query';
import { FIELDS } from '../../../sinks/elasticsearch/fields/fields.ts';
import { nameKey } from '../../../sinks/elasticsearch/fields/names.ts';
import { networkRange, numberTerm } from '../../../sinks/elasticsearch/fields/terms.ts';
import { anyOf, anyTerm, range, type Clause } from './clause.ts';

/** A value is this number, or reads as it. */
export function isNumber(names: readonly string[], value: number): Clause {
  return anyTerm(
    FIELDS.numbers,
    names.map((name) => numberTerm(name, value)),
  );
}

/** A value is a number or reads as one. */
export function hasNumber(names: readonly string[]): Clause {
  return anyOf(names.map((name) => ({ prefix: { [FIELDS.numbers]: { value: `${nameKey(name)}=` } } })));
}

/** One value is a number within the range. */
export function inRange(names: readonly string[], { min, minInclusive, max, maxInclusive }: RangeTest): Clause {
  return anyOf(
    names.map((name) => {
      const low = numberTerm(name, min ?? -Infinity);
      const high = numberTerm(name, max ?? Infinity);
      return range(FIELDS.numbers, { [minInclusive ? 'gte' : 'gt']: low, [maxInclusive ? 'lte' : 'lt']: high });
    }),
  );
}

/** A value is an address of the network. */
export function inNetwork(names: readonly string[], network: Network): Clause {
  return anyOf(
    names.map((name) => {
      const { first, last } = networkRange(name, network);
      return range(FIELDS.addresses, { gte: first, lte: last });
    }),
  );
}

/** A value is an address. */
export function hasAddress(names: readonly string[]): Clause {
  return anyOf(names.map((name) => ({ prefix: { [FIELDS.addresses]: { value: `${nameKey(name)}=` } } })));
}
