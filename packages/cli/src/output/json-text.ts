/** Where the JSON value that begins at `start` ends. The text is known to be valid JSON. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const character = text[i]!;
    if (character === '"') i = stringEnd(text, i);
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (depth === 0) return i;
      depth--;
    } else if (character === ',' && depth === 0) return i;
  }
  return text.length;
}

/** The index of a string's closing quote. */
function stringEnd(text: string, start: number): number {
  for (let i = start + 1; ; i++) {
    const character = text[i];
    if (character === '\\') i++;
    else if (character === '"' || character === undefined) return i;
  }
}

function skipSpace(text: string, start: number): number {
  let i = start;
  while (i < text.length && /[\s,]/.test(text[i]!)) i++;
  return i;
}

/** The members of a JSON object with the texts of their values, as they were: numbers beyond what JavaScript holds stay whole. */
export function memberTexts(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let i = skipSpace(text, text.indexOf('{') + 1);
  while (i < text.length && text[i] === '"') {
    const nameEnd = stringEnd(text, i) + 1;
    const start = skipSpace(text, text.indexOf(':', nameEnd) + 1);
    const end = valueEnd(text, start);
    members.set(JSON.parse(text.slice(i, nameEnd)) as string, text.slice(start, end).trimEnd());
    i = skipSpace(text, end);
  }
  return members;
}

/** The texts of a JSON array's items. */
export function itemTexts(text: string): string[] {
  const items: string[] = [];
  let i = skipSpace(text, text.indexOf('[') + 1);
  while (i < text.length && text[i] !== ']') {
    const end = valueEnd(text, i);
    items.push(text.slice(i, end).trimEnd());
    i = skipSpace(text, end);
  }
  return items;
}

type Context = { readonly source?: string };

/** Parses JSON for showing: a number that JavaScript would change is given as its text. The caller says what the answer is. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function parseForShow<T>(text: string): T {
  const reviver = (_key: string, value: unknown, context?: Context): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source ?? String(value);
    return Number.isInteger(value) || !Number.isFinite(value) || source.length > 17 ? source : value;
  };
  return JSON.parse(text, reviver) as T;
}
