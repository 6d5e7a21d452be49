const NUMBER = /^-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?$/;

/**
 * The number a text reads as, or NaN. ASCII, nothing around it, leading zeros allowed; `+5`, `.5`, `5.`, `0x10`, `1_000`, ` 5`, `inf` and
 * `10d` are no numbers, so that every back end can decide alike. Too large a number is an infinity, as in IEEE doubles.
 */
export function readNumber(text: string): number {
  const first = text.charCodeAt(0);
  // Nearly every value of a log is decided by its first character.
  if (!(first >= 48 && first <= 57) && first !== 45) return NaN;
  return NUMBER.test(text) ? Number(text) : NaN;
}

/** The shortest text that reads as exactly this number. */
export function printNumber(value: number): string {
  if (value === Infinity) return '1e999';
  if (value === -Infinity) return '-1e999';
  return String(value);
}
