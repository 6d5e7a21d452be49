/** The conversions of `interpret`: C's strtol, strtod, and a generous idea of truth. */
import { JsonNumber } from '../json-dialect/value.ts';
import type { JsonValue } from '../json-dialect/value.ts';
import { clampInteger } from '../json-dialect/parse.ts';
import { asText } from '../parsers/parameters.ts';

const INTERPRETATIONS = ['int', 'base10int', 'base16int', 'float', 'bool'] as const;
export type Interpretation = (typeof INTERPRETATIONS)[number];

export function isInterpretation(text: string): text is Interpretation {
  return (INTERPRETATIONS as readonly string[]).includes(text);
}

export function interpretValue(kind: Interpretation, value: JsonValue): JsonValue {
  const text = asText(value);
  if (kind === 'bool') return !/^(?:false|no)$/i.test(text);
  if (kind === 'float') return new JsonNumber(formatDouble(toDouble(text)), false);
  const digits = kind === 'base16int' ? leading(HEXADECIMAL, text, '0x') : leading(DECIMAL, text, '');
  return new JsonNumber(clampInteger(digits), true);
}

const DECIMAL = /^[ \t\n\v\f\r]*([-+]?)(\d+)/;
const HEXADECIMAL = /^[ \t\n\v\f\r]*([-+]?)(?:0[xX](?=[0-9A-Fa-f]))?([0-9A-Fa-f]+)/;

/** The number that a text begins with, or 0, in decimal. */
function leading(pattern: RegExp, text: string, radixPrefix: string): string {
  const found = pattern.exec(text);
  if (found === null) return '0';
  const [, sign = '', digits = ''] = found;
  const magnitude = BigInt(radixPrefix + digits);
  return (sign === '-' ? -magnitude : magnitude).toString();
}

function toDouble(text: string): number {
  const found = /^[ \t\n\v\f\r]*([-+]?)(inf(?:inity)?|nan|0x[0-9a-f]+|\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?)/i.exec(text);
  if (found === null) return 0;
  const [, sign, body = ''] = found;
  const lower = body.toLowerCase();
  const magnitude = lower.startsWith('inf') ? Infinity : Number(lower);
  return sign === '-' ? -magnitude : magnitude;
}

/** C's `%.17g`, with `.0` behind a whole number. */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const exponent = Number(/e(.*)$/.exec(value.toExponential(16))![1]);
  if (exponent < -4 || exponent >= 17) {
    const [mantissa, power] = value.toExponential(16).split('e') as [string, string];
    const digits = mantissa.replace(/\.?0+$/, '');
    return `${digits}e${power.replace(/^([-+])(\d)$/, '$10$2')}`;
  }
  const fixed = value.toFixed(Math.max(0, 16 - exponent));
  const short = fixed.includes('.') ? fixed.replace(/0+$/, '') : `${fixed}.`;
  return short.endsWith('.') ? `${short}0` : short;
}
