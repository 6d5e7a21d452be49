/** `whitespace`: one or more bytes of the space class. */
import { isSpace } from '../bytes.ts';
import { plainMotif, textParser } from './motif.ts';

export const whitespace = plainMotif(
  'whitespace',
  4,
  textParser((line, from, end) => {
    let at = from;
    while (at < end && isSpace(line[at]!)) at += 1;
    return at === from ? -1 : at;
  }),
);
