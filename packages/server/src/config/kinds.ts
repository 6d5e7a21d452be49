import { isIP } from 'node:net';
import { resolve } from 'node:path';

/** What is wrong with one value, as the rest of a sentence that begins with its key: "must be ...". */
export class ValueFault extends Error {}

/** A kind of value: how it is written, and how it is read from YAML or from a flag's or variable's text. */
export interface Kind<T> {
  /** For the help and the reference: `PORT`, `on|off`. */
  readonly form: string;
  /** Throws ValueFault. `cwd` is what relative paths are relative to. */
  parse(value: unknown, cwd: string): T;
}

export const path: Kind<string> = {
  form: 'DIRECTORY',
  parse: (value, cwd) => {
    if (typeof value !== 'string' || value === '' || value.includes('\0')) throw new ValueFault('must be a path');
    return resolve(cwd, value);
  },
};

/** A file that is read where it is needed, so that what is in it stays out of the configuration. */
export const filePath: Kind<string> = { ...path, form: 'FILE' };

/** One or several of one service's addresses over HTTP, without a slash at the end. Secrets have no place in them, since addresses are shown. */
export const urls: Kind<readonly string[]> = {
  form: 'URL,...',
  parse: (value) => {
    const list: unknown = typeof value === 'string' ? value.split(',').map((url) => url.trim()) : value;
    if (!Array.isArray(list) || list.length === 0) throw new ValueFault('must be a URL or a list of URLs');
    return list.map(withoutQuery);
  },
};

/** A web address. Throws ValueFault, also when it has a user and password in it. */
export function httpUrl(value: unknown, example: string): URL {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new ValueFault(`must be a URL like ${example}`);
  if (url.username !== '' || url.password !== '')
    throw new ValueFault('must have no user and password in the URL: they have settings of their own');
  return url;
}

function withoutQuery(value: unknown): string {
  const url = httpUrl(value, 'http://127.0.0.1:9200');
  if (url.search !== '' || url.hash !== '') throw new ValueFault('must have no query in the URL');
  return url.href.replace(/\/+$/, '');
}

/** A text of this pattern; `expected` ends the sentence "must be ...". */
export function matching(form: string, pattern: RegExp, expected: string): Kind<string> {
  return {
    form,
    parse: (value) => {
      if (typeof value === 'string' && pattern.test(value)) return value;
      throw new ValueFault(`must be ${expected}`);
    },
  };
}

const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

/** An address to listen at, without a port; IPv6 also in brackets. */
export const address: Kind<string> = {
  form: 'ADDRESS',
  parse: (value) => {
    const text = typeof value === 'string' ? value.replace(/^\[(.*)\]$/, '$1') : '';
    // Digits and dots alone are a mistyped address and no host's name.
    if (isIP(text) === 0 && (!HOST_NAME.test(text) || /^[\d.]+$/.test(text))) throw new ValueFault('must be an IP address or a host name');
    return text;
  },
};

export function integer(form: string, min: number, max: number): Kind<number> {
  return { form, parse: (value) => inRange(toNumber(value), min, max, String) };
}

/** 0 is any free port. */
export const port = integer('PORT', 0, 65_535);

export const flag: Kind<boolean> = {
  form: 'true|false',
  parse: (value) => {
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw new ValueFault('must be true or false');
  },
};

/** YAML programs differ in whether `on` and `off` are texts or booleans, so both are taken where these are the choices. */
export function choice<T extends string>(...choices: readonly T[]): Kind<T> {
  return {
    form: choices.join('|'),
    parse: (value) => {
      const text = value === true ? 'on' : value === false ? 'off' : value;
      const found = choices.find((one) => one === text);
      if (found === undefined) throw new ValueFault(`must be one of ${choices.join(', ')}`);
      return found;
    },
  };
}

const DURATION_UNITS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds, or a number with `ms s m h d`. */
export function duration(minMs: number, maxMs: number): Kind<number> {
  return {
    form: 'DURATION',
    parse: (value) => inRange(withUnit(value, DURATION_UNITS, 'a duration like 500ms, 30s, 5m, 3h or 7d'), minMs, maxMs, (ms) => `${ms}ms`),
  };
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes, or a number with `kB MB GB TB` (powers of ten) or `KiB MiB GiB TiB`. */
export function size(min: number, max: number): Kind<number> {
  return {
    form: 'SIZE',
    parse: (value) => inRange(withUnit(value, SIZE_UNITS, 'a size like 65536, 64KiB or 8GiB'), min, max, (bytes) => `${bytes} bytes`),
  };
}

/** A list in YAML, or names separated by commas. */
export const names: Kind<readonly string[]> = {
  form: 'NAME,...',
  parse: (value) => {
    const list: unknown = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value;
    const fine = Array.isArray(list) && list.length > 0 && list.every((name) => typeof name === 'string' && name !== '');
    if (!fine) throw new ValueFault('must be a list of names');
    if (new Set(list).size !== list.length) throw new ValueFault('must not name anything twice');
    return list as string[];
  },
};

/** Keys and values, passed on as they are. */
export const plainObject: Kind<Readonly<Record<string, unknown>>> = {
  form: 'KEYS AND VALUES',
  parse: (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ValueFault('must hold keys and values');
    return value as Record<string, unknown>;
  },
};

function toNumber(value: unknown): number {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw new ValueFault('must be a whole number');
  return number;
}

function withUnit(value: unknown, units: Readonly<Record<string, number>>, expected: string): number {
  const match = /^(\d{1,16}(?:\.\d{1,9})?) ?([a-z]*)$/i.exec(
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '',
  );
  const unit = match?.[2]!.toLowerCase() ?? '';
  if (!match || !Object.hasOwn(units, unit)) throw new ValueFault(`must be ${expected}`);
  return Math.round(Number(match[1]) * units[unit]!);
}

function inRange(number: number, min: number, max: number, show: (value: number) => string): number {
  if (number < min || number > max) throw new ValueFault(`must be from ${show(min)} to ${show(max)}`);
  return number;
}
