import { tenantName } from '../tenant-name.ts';

const DAY_MS = 86_400_000;

/** The alias of all indexes of a tenant. */
export function aliasOf(prefix: string, tenantId: string): string {
  return `${prefix}-${tenantName(tenantId)}`;
}

/** The index of a tenant's day, `yyyy-mm-dd`. */
export function indexOf(alias: string, day: string): string {
  return `${alias}-${day.replaceAll('-', '.')}`;
}

/** When the day of an index begins (milliseconds), or undefined when it is no index of this alias: only a name of exactly the form is. */
export function dayOf(alias: string, index: string): number | undefined {
  if (!index.startsWith(`${alias}-`)) return undefined;
  const match = /^(\d{4})\.(\d\d)\.(\d\d)$/.exec(index.slice(alias.length + 1));
  if (match === null) return undefined;
  const time = Date.parse(`${match[1]}-${match[2]}-${match[3]}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** When the day after begins. */
export function dayEnd(dayStart: number): number {
  return dayStart + DAY_MS;
}

/** A name in a path. */
export function inPath(name: string): string {
  return encodeURIComponent(name);
}
