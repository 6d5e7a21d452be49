import { NumberText } from '../../../event/leaf.ts';

/**
 * Numbers that a double may not hold: 16 digits or more, or an exponent of three digits, where a number can stand. May hit inside strings too: then the slow way is
 * taken for nothing, with the same result.
 */
const SUSPECT = /[:[,\s]-?(?:\d{16}|[\d.]+[eE][+]?\d{3})/;

/** Whether a text may hold such numbers: asked once for many lines. */
export function mayHoldLargeNumbers(text: string): boolean {
  return SUSPECT.test(text);
}

/** JSON text to a value; integers beyond 2^53 and numbers beyond a double's range become NumberText. Throws SyntaxError, or RangeError for nesting beyond the stack. */
export function parseJson(text: string, suspect = true): unknown {
  return suspect && SUSPECT.test(text)
    ? (JSON.parse(text, keepText as (key: string, value: unknown) => unknown) as unknown)
    : (JSON.parse(text) as unknown);
}

function keepText(this: unknown, _key: string, value: unknown, context: { readonly source: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return Number.isInteger(value) || !Number.isFinite(value) ? numberText(value, context.source) : value;
}

/** `1e21` and `1.0e17` are integers that a double holds as they are: only texts that it would change are kept. */
function numberText(value: number, source: string): number | NumberText {
  return String(value) === source || (Number.isFinite(value) && /[eE.]/.test(source)) ? value : new NumberText(source);
}
