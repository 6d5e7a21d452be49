import { isIP } from 'node:net';
import { nameFault } from '../control/checks.ts';
import { hint } from './closest.ts';
import type { SourceConfig, SyslogSourceConfig } from './config.ts';
import type { Faults } from './faults.ts';
import { address, port, ValueFault } from './kinds.ts';

type Field = Exclude<keyof SyslogSourceConfig, 'type'>;

const fields: { readonly [F in Field]-?: (value: unknown) => NonNullable<SyslogSourceConfig[F]> } = {
  name: (value) => {
    if (typeof value === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(value)) return value;
    throw new ValueFault('must be 1 to 64 letters, digits, dots, dashes and underscores');
  },
  listen: (value) => address.parse(value, ''),
  port: (value) => port.parse(value, ''),
  tenant: (value) => {
    const fault = typeof value === 'string' ? nameFault(value) : 'must be a string (quote a number)';
    if (fault !== undefined) throw new ValueFault(fault);
    return value as string;
  },
  allow: parseAllow,
  time_zone: parseTimeZone,
};

/** The list under `sources`: faults are noted by field, and a faulty listener is left out. */
export function parseSources(
  value: unknown,
  where: (path: readonly (string | number)[]) => string,
  faults: Faults,
): readonly SourceConfig[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) {
    faults.add('sources', where(['sources']), 'must be a list of listeners');
    return [];
  }
  const sources = value.map((one: unknown, i) => parseSource(one, i, where, faults)).filter((one) => one !== undefined);
  const seen = new Set<string>();
  for (const { name } of sources) {
    if (name !== undefined && seen.has(name)) faults.add('sources', where(['sources']), `names two listeners ${name}`);
    if (name !== undefined) seen.add(name);
  }
  return sources;
}

function parseSource(
  value: unknown,
  index: number,
  where: (path: readonly (string | number)[]) => string,
  faults: Faults,
): SourceConfig | undefined {
  const before = faults.list.length;
  const fault = (text: string, ...path: string[]): void =>
    faults.add(['sources', index, ...path].join('.'), where(['sources', index, ...path]), text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fault('must be a listener: type, port and more');
    return undefined;
  }
  const given = value as Readonly<Record<string, unknown>>;
  if (given['type'] !== 'syslog') fault('must be syslog', 'type');
  const source: Record<string, unknown> = { type: 'syslog' };
  for (const [name, raw] of Object.entries(given)) {
    if (name === 'type') continue;
    if (!Object.hasOwn(fields, name)) fault(`is not known here${hint(name, ['type', ...Object.keys(fields)])}`, name);
    else source[name] = faults.try(`sources.${index}.${name}`, where(['sources', index, name]), () => fields[name as Field](raw));
  }
  if (!Object.hasOwn(given, 'port')) fault('needs a port');
  if (Object.hasOwn(given, 'tenant') !== Object.hasOwn(given, 'allow')) {
    fault(
      Object.hasOwn(given, 'tenant')
        ? 'binds a tenant and so needs allow: the addresses that may speak for it'
        : 'has allow without a tenant',
    );
  }
  return faults.list.length === before ? (source as unknown as SourceConfig) : undefined;
}

function parseAllow(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) throw new ValueFault('must be a list of addresses and networks');
  for (const one of value as unknown[]) {
    if (typeof one !== 'string' || !isNetwork(one))
      throw new ValueFault(`holds ${JSON.stringify(one)}, which is no address and no network like 10.0.0.0/8`);
  }
  return value as string[];
}

function isNetwork(text: string): boolean {
  const [base = '', prefix, ...rest] = text.split('/');
  const version = isIP(base);
  if (version === 0 || rest.length > 0 || base.includes('%')) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

function parseTimeZone(value: unknown): string {
  try {
    // Offsets like +01:00 are no names: they know no summer time, which is why a zone is asked for.
    if (typeof value === 'string' && /^[A-Za-z]/.test(value))
      return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone && value;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new ValueFault('must be the name of a time zone like Europe/Berlin');
}
