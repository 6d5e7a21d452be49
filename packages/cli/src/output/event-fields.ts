/** An event as the API answers it. */
export type ApiEvent = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a dotted path; names may hold dots themselves. */
function at(value: unknown, path: string): unknown {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    const found = Object.hasOwn(value, head) ? at(value[head], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

const aliases: Readonly<Record<string, string>> = { app: 'pname', message: 'msg' };

/** A field of normalized by its name without the pattern's. */
function inPatterns(normalized: unknown, name: string): unknown {
  if (!isObject(normalized)) return undefined;
  for (const fields of Object.values(normalized)) {
    const found = at(fields, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A field as the query language names it: one of the event, or a path in native or normalized with or without its first part, and the pattern's name. */
export function fieldOf(event: ApiEvent, name: string): unknown {
  const own = at(event, Object.hasOwn(aliases, name) ? aliases[name]! : name);
  return own ?? at(event['native'], name) ?? at(event['normalized'], name) ?? inPatterns(event['normalized'], name);
}

/** A field's value as text; objects as JSON, nothing where it is absent. */
export function fieldText(event: ApiEvent, name: string): string {
  const value = fieldOf(event, name);
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
