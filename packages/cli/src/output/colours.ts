import { styleText } from 'node:util';
import type { Io, Screen } from '../io.ts';

type Style = (text: string) => string;

/** How words are set off; plain text where the reader is no terminal. */
export interface Colours {
  readonly enabled: boolean;
  readonly bold: Style;
  readonly dim: Style;
  readonly good: Style;
  readonly warn: Style;
  readonly bad: Style;
  /** By syslog severity, 0-7. */
  readonly severity: (severity: number | undefined, text: string) => string;
}

/** Colours only on a terminal; NO_COLOR (no-color.org) and a dumb terminal forbid them. */
function wanted({ env }: Pick<Io, 'env'>, screen: Screen): boolean {
  return screen.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

type Format = Parameters<typeof styleText>[0];

export function coloursFor(io: Pick<Io, 'env'>, screen: Screen): Colours {
  const enabled = wanted(io, screen);
  const style =
    (format: Format): Style =>
    (text) =>
      enabled && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  const bad = style('red');
  const warn = style('yellow');
  const dim = style('dim');
  const loud = style(['bold', 'red']);
  const note = style('cyan');
  const bySeverity = [loud, loud, loud, bad, warn, note, (text: string) => text, dim];
  return {
    enabled,
    bold: style('bold'),
    dim,
    good: style('green'),
    warn,
    bad,
    severity: (severity, text) => (severity === undefined ? text : (bySeverity[severity]?.(text) ?? text)),
  };
}
