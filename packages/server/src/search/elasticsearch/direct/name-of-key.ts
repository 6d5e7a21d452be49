/** The name that a key in the index stands for (`nameKey`); undefined for names that are cut there. */
export function nameOfKey(key: string): string | undefined {
  if (key.includes('~~')) return undefined;
  return key.replace(/\^([a-z])|~([0-9a-f]+);/g, (_, capital: string | undefined, code: string | undefined) =>
    capital === undefined ? String.fromCodePoint(Number.parseInt(code!, 16)) : capital.toUpperCase(),
  );
}
