/**
 * What v1 makes of complex fields that do not fit: not a failure, but a match of nothing with the value "". Rulebases of the native library
 * rely on which rule wins then, so this is kept.
 */
import { VALUE } from '../parsers/motif.ts';
import type { V1Context } from './context.ts';
import type { V1Parser } from './tree.ts';

/** The same parser, except that it matches nothing where it would fail. */
export function lenient(parser: V1Parser, context: V1Context): V1Parser {
  return {
    kind: VALUE,
    scans: parser.scans,
    match(line, from, end) {
      const to = parser.match(line, from, end);
      if (to >= 0) return to;
      // The matcher charges failures, and this is none to it.
      if (parser.scans) context.budget.work -= end - from;
      return from;
    },
    value(line, from, to, end) {
      const failed = to === from && parser.match(line, from, end) < 0;
      return failed ? '' : parser.value!(line, from, to, end);
    },
  };
}
