/** `alpha`: one or more ASCII letters. */
import { ALPHA, CLASS } from '../bytes.ts';
import { plainMotif, textParser } from './motif.ts';

export const alpha = plainMotif(
  'alpha',
  32,
  textParser((line, from, end) => {
    let at = from;
    while (at < end && CLASS[line[at]!]! & ALPHA) at += 1;
    return at === from ? -1 : at;
  }),
);
