const grouping = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

/** A number with its thousands apart. */
export function count(value: number): string {
  return grouping.format(value);
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes with a binary unit. */
export function bytes(value: number): string {
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${unit === 0 ? rest : rest.toFixed(rest < 10 ? 1 : 0)} ${units[unit]!}`;
}

/** Seconds in the largest fitting unit. */
export function seconds(value: number): string {
  const steps: readonly (readonly [number, string])[] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'm'],
  ];
  for (const [size, unit] of steps) if (value >= size) return `${(value / size).toFixed(1)} ${unit}`;
  return `${Number(value.toFixed(1))} s`;
}

/** An ISO time cut to milliseconds; anything else as it is. */
export function time(iso: string | null | undefined): string {
  return (iso ?? '-').replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\d+Z$/, '$1Z');
}

/** One or many. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
