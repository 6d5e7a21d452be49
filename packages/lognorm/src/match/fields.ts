/** The named fields of a program and how their values are read from captures. */
import { toBytes } from '../bytes.ts';
import { escapeJson } from '../json-dialect/write.ts';
import type { Parser, ValueKind } from '../parsers/motif.ts';
import { decodeText } from '../bytes.ts';

/** Kinds beyond those of parsers: the value is made of other captures. */
export const TYPE = 5;
export const REPEAT = 6;
export type FieldKind = ValueKind | typeof TYPE | typeof REPEAT;

export interface Field {
  /** A byte string. */
  readonly name: string;
  /** The same as ordinary text. */
  readonly plainName: string;
  /** The name looks like an array's index, which objects list before all others. */
  readonly isIndex: boolean;
  /** `"name": ` as JSON. */
  readonly keyBytes: Uint8Array;
  readonly kind: FieldKind;
  /** Set for the kinds of parsers. */
  readonly parser: Parser | undefined;
  /** A user type called `.`: its fields are written into the object around it. */
  readonly merges: boolean;
  /** A parser's pairs called `.`: the same, with names that only the line tells. */
  readonly mergesPairs: boolean;
  /** Called `..`: its value may take the place of the object around it. */
  readonly unwraps: boolean;
  /**
   * The object around the field cannot be written piece by piece: the field merges into it, or another field on the same path may have the
   * same name. It is built in memory then.
   */
  slow: boolean;
}

/** Whether objects list a property of this name before those that came earlier. */
export function isIndex(name: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(name);
}

export function makeField(name: string, kind: FieldKind, parser: Parser | undefined): Field {
  const mergesPairs = name === '.' && parser?.pairs !== undefined;
  return {
    name,
    plainName: decodeText(name),
    isIndex: isIndex(name),
    keyBytes: toBytes(`"${escapeJson(name)}": `),
    kind,
    parser,
    merges: name === '.' && kind === TYPE,
    mergesPairs,
    unwraps: name === '..',
    slow: name === '.' && kind !== TYPE && !mergesPairs,
  };
}
