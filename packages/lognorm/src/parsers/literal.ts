/** `literal`: the bytes of `text`, exactly. */
import { toBytes } from '../bytes.ts';
import type { Motif, Parser } from './motif.ts';
import { TEXT } from './motif.ts';

export function literalParser(text: string): Parser {
  const bytes = toBytes(text);
  const { length } = bytes;
  return {
    kind: TEXT,
    scans: false,
    inline: { op: 'literal', bytes },
    match(line, from, end) {
      if (end - from < length) return -1;
      for (let i = 0; i < length; i += 1) if (line[from + i] !== bytes[i]) return -1;
      return from + length;
    },
  };
}

export const literal: Motif = {
  type: 'literal',
  priority: 4,
  versions: [2],
  create(parameters) {
    parameters.allowOnly(['text']);
    return literalParser(parameters.requiredText('text'));
  },
};
