import { NumberText } from '../../../event/leaf.ts';

/**
 * JSON text to a value in which integers beyond 2^53 and numbers beyond a double's range are NumberText. Several times slower than JSON.parse: for events in which such
 * a number was seen. Throws SyntaxError, or RangeError for nesting beyond the stack.
 */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, keepText as (key: string, value: unknown) => unknown);
}

function keepText(this: unknown, _key: string, value: unknown, context: { readonly source: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return Number.isInteger(value) || !Number.isFinite(value) ? numberText(value, context.source) : value;
}

/** `1e21` and `1.0e17` are integers that a double holds as they are: only texts that it would change are kept. */
function numberText(value: number, source: string): number | NumberText {
  return String(value) === source || (Number.isFinite(value) && /[eE.]/.test(source)) ? value : new NumberText(source);
}
