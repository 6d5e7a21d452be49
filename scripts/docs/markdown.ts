/** A text in a cell of a table. */
export function cell(text: string): string {
  return text
    .replaceAll('|', String.raw`\|`)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/(`[^`]*`)|</g, (_, span?: string) => span ?? '&lt;');
}

export function code(text: string): string {
  return `\`${text.replaceAll('|', String.raw`\|`)}\``;
}

/** A table; cells that are Markdown already come as they are. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Joins the parts of a page with empty lines between them. */
export function page(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

export const generatedBy = 'Generated from the program: `npm run docs`.';

/** Bytes as people say them: `64 KiB`. */
export function bytes(value: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && value % 1024 === 0 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toLocaleString('en')} ${units[unit]}`;
}

/** Milliseconds as people say them: `3 h`. */
export function duration(ms: number): string {
  for (const [unit, length] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const)
    if (ms >= length && ms % length === 0) return `${ms / length} ${unit}`;
  return `${ms} ms`;
}

/** The value of a setting, whose form says what its number counts. */
export function settingValue(form: string, value: unknown): string {
  if (typeof value === 'number' && form === 'SIZE') return bytes(value);
  if (typeof value === 'number' && form === 'DURATION') return duration(value);
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}
