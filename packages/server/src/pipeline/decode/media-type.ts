/** What a publish body is, by its media type. `guess`: the first character decides. */
export type BodyForm = 'json' | 'lines' | 'text' | 'guess';

const FORMS: Readonly<Record<string, BodyForm>> = {
  '': 'guess',
  'application/x-www-form-urlencoded': 'guess',
  'application/json': 'json',
  'application/x-ndjson': 'lines',
  'application/ndjson': 'lines',
  'application/jsonl': 'lines',
  'application/x-jsonlines': 'lines',
  'application/jsonlines': 'lines',
  'text/plain': 'text',
};

/** undefined for a media type that publish does not take. `type` is in lower case, without parameters. */
export function bodyForm(type: string): BodyForm | undefined {
  if (Object.hasOwn(FORMS, type)) return FORMS[type];
  return type.startsWith('application/') && type.endsWith('+json') ? 'json' : undefined;
}
