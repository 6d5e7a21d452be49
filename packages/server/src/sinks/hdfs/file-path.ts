const PLACE_DIGITS = 16;
const SUFFIXES = { none: '', gzip: '.gz', zstd: '.zst' } as const;
const NAME = /^(\d{16})-(\d{16})\.ndjson(?:\.gz|\.zst)?$/;
const PLACEHOLDERS = ['tenant', 'date', 'year', 'month', 'day'];

/** Places in the queue, both inclusive. */
export interface PlaceRange {
  readonly from: number;
  readonly to: number;
}

/** `<from>-<to>.ndjson[.gz|.zst]`, so that a file tells what is in it and a retry writes the same name. */
export function fileName({ from, to }: PlaceRange, compression: keyof typeof SUFFIXES): string {
  const digits = (place: number): string => String(place).padStart(PLACE_DIGITS, '0');
  return `${digits(from)}-${digits(to)}.ndjson${SUFFIXES[compression]}`;
}

/** What a complete file holds; undefined for other names. */
export function rangeOf(name: string): PlaceRange | undefined {
  const match = NAME.exec(name);
  return match === null ? undefined : { from: Number(match[1]), to: Number(match[2]) };
}

/** What is wrong with a template of directories; undefined: nothing. */
export function templateFault(template: string): string | undefined {
  const names = Array.from(template.matchAll(/\{([^}]*)\}/g), ([, name]) => name!);
  const unknown = names.find((name) => !PLACEHOLDERS.includes(name));
  if (unknown !== undefined) return `names {${unknown}}; it may name ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`;
  const hasDay = names.includes('date') || ['year', 'month', 'day'].every((name) => names.includes(name));
  if (!names.includes('tenant') || !hasDay) return 'must name {tenant} and {date}, or {tenant}, {year}, {month} and {day}';
  const parts = template.replaceAll(/\{[^}]*\}/g, 'x').split('/');
  if (template.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..' || part.includes(':')))
    return 'must be a path like {tenant}/{date}, without an empty part, "." and "..", and without colons';
  return undefined;
}

/** `tenant`: a safe name; `day`: `yyyy-mm-dd`. */
export function fillTemplate(template: string, tenant: string, day: string): string {
  const [year, month, date] = day.split('-') as [string, string, string];
  const values: Readonly<Record<string, string>> = { tenant, date: day, year, month, day: date };
  return template.replaceAll(/\{([^}]*)\}/g, (_, name: string) => values[name]!);
}
