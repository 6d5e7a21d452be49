import type { Network } from '../text/address.ts';

/**
 * What a query means, without how it was typed: aliases are resolved, words are folded, relative times are absolute. Plain frozen-by-type
 * data that can be compared, cached and sent to another thread as JSON.
 */
export type Query = AllQuery | AndQuery | OrQuery | NotQuery | AnyQuery | FieldQuery;

/** Every event. */
export interface AllQuery {
  readonly kind: 'all';
}

/** Every item; at least two, none of them an `and` itself. */
export interface AndQuery {
  readonly kind: 'and';
  readonly items: readonly Query[];
}

/** At least one item; at least two, none of them an `or` itself. */
export interface OrQuery {
  readonly kind: 'or';
  readonly items: readonly Query[];
}

/** The set complement: also the events that do not have the fields asked for. */
export interface NotQuery {
  readonly kind: 'not';
  readonly item: Query;
}

/** A term without a field: msg, host, pname, msgid, or any one string inside native and normalized. */
export interface AnyQuery {
  readonly kind: 'any';
  readonly test: PhraseTest | FormsTest;
}

/** A condition on one field; any one value of it suffices. `name` is canonical (`pname` for `app`); see `resolveField`. */
export interface FieldQuery {
  readonly kind: 'field';
  readonly name: string;
  readonly test: Test;
}

/** What one value must be like. Numbers and booleans count as their JSON text wherever a test is about text. */
export type Test =
  PhraseTest | FormsTest | WildcardTest | ExactTest | RegexTest | NumberTest | RangeTest | NetworkTest | ExistsTest | TimeTest;

/** The words follow one another, whatever separates them, ignoring case. At least one; folded. */
export interface PhraseTest {
  readonly kind: 'phrase';
  readonly words: readonly string[];
}

/** Words of these forms follow one another, ignoring case. Their text is folded word characters. Only without a field and for `msg`. */
export interface FormsTest {
  readonly kind: 'forms';
  readonly forms: readonly Pattern[];
}

/** The whole value has this form, ignoring case. Never for `msg`. */
export interface WildcardTest {
  readonly kind: 'wildcard';
  readonly pattern: Pattern;
}

/** A form: folded text between wildcards. Never two `run` or two texts side by side. */
export type Pattern = readonly PatternPart[];

/** Text; `run`: any characters, also none; `one`: exactly one code point. */
export type PatternPart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'run' } | { readonly kind: 'one' };

/** The whole value is this text, case included. */
export interface ExactTest {
  readonly kind: 'exact';
  readonly text: string;
}

/** An expression in RE2 syntax matches somewhere in the value. The source has been checked; `\/` is already `/`. */
export interface RegexTest {
  readonly kind: 'regex';
  readonly source: string;
  readonly ignoreCase: boolean;
}

/** A number, or a string that reads as one, is equal; any other string holds the text as a phrase. */
export interface NumberTest {
  readonly kind: 'number';
  readonly text: string;
  readonly value: number;
}

/** A number, or a string that reads as one, is in the range; null is open, and its `Inclusive` is then true. */
export interface RangeTest {
  readonly kind: 'range';
  readonly min: number | null;
  readonly minInclusive: boolean;
  readonly max: number | null;
  readonly maxInclusive: boolean;
}

/** A string that is an address lies in the network; any other value holds the text as a phrase. */
export interface NetworkTest {
  readonly kind: 'network';
  readonly text: string;
  readonly network: Network;
}

/** There is a value that is not null and not empty (nor `-` in host, pname, pid and msgid). */
export interface ExistsTest {
  readonly kind: 'exists';
}

/** Only for `time` and `received`: from <= value < to in microseconds since 1970; null is open. */
export interface TimeTest {
  readonly kind: 'time';
  readonly from: number | null;
  readonly to: number | null;
}
