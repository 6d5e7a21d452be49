/** `string-to`: one or more bytes up to the next occurrence of a string, which must be there and is not consumed. */
import { toBytes } from '../bytes.ts';
import type { Motif } from './motif.ts';
import { textParser } from './motif.ts';

export const stringTo: Motif = {
  type: 'string-to',
  priority: 32,
  versions: [1, 2],
  create(parameters) {
    parameters.allowOnly(['extradata']);
    const target = toBytes(parameters.requiredText('extradata'));
    const first = target[0]!;
    const { length } = target;
    return textParser((line, from, end) => {
      const last = end - length;
      for (let at = from + 1; at <= last; at += 1) {
        if (line[at] !== first) continue;
        let i = 1;
        while (i < length && line[at + i] === target[i]) i += 1;
        if (i === length) return at;
      }
      return -1;
    }, true);
  },
};
