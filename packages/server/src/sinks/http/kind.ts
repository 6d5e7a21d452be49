import { choice, filePath, httpUrl, ValueFault, type Kind } from '../../config/kinds.ts';
import { checkWebTls, tlsSettings, type TlsSettings } from '../tls-settings.ts';
import { checkUser, userSettings, type UserSettings } from '../user-password.ts';
import type { SinkKind } from '../writer.ts';

/** A header's value, or the file that holds it. */
export type HeaderValue = string | { readonly file: string };

export interface HttpSettings extends TlsSettings, UserSettings {
  readonly url: readonly string[];
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  readonly bearer_token_file?: string;
  readonly compression: 'none' | 'gzip';
}

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
/** RFC 9110 section 5.5: no control characters, and one byte each. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]{0,8192}$/;
const OWN_HEADERS = new Set(
  'host connection keep-alive transfer-encoding te trailer upgrade expect content-length content-type content-encoding'.split(' '),
);

const addresses: Kind<readonly string[]> = {
  form: 'URL',
  parse: (value) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length === 0) throw new ValueFault('must be a URL or a list of URLs');
    return list.map(addressOf);
  },
};

function addressOf(value: unknown): string {
  const url = httpUrl(value, 'https://collector.example/logs');
  url.hash = '';
  return url.href;
}

const headers: Kind<Readonly<Record<string, HeaderValue>>> = {
  form: 'NAME: VALUE',
  parse: (value, cwd) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ValueFault('must be names with values');
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [headerName(name), headerValue(name, one, cwd)]));
  },
};

function headerName(name: string): string {
  if (!TOKEN.test(name)) throw new ValueFault(`has ${JSON.stringify(name)}, which is no name of a header`);
  if (OWN_HEADERS.has(name.toLowerCase())) throw new ValueFault(`has ${name}, which the sink sets`);
  return name.toLowerCase();
}

function headerValue(name: string, value: unknown, cwd: string): HeaderValue {
  if (typeof value === 'string' || typeof value === 'number') {
    if (!FIELD_VALUE.test(String(value))) throw new ValueFault(`has a value of ${name} that no header can have`);
    return String(value);
  }
  const file =
    typeof value === 'object' && value !== null && Object.keys(value).join() === 'file' ? (value as { file: unknown }).file : undefined;
  if (file === undefined) throw new ValueFault(`has ${name}, which must be a text or { file: FILE }`);
  return { file: filePath.parse(file, cwd) };
}

function check(settings: HttpSettings): void {
  checkWebTls(settings);
  checkUser(settings);
  const { username, bearer_token_file, headers: own } = settings;
  const ways = [username, bearer_token_file, own?.['authorization']].filter((way) => way !== undefined);
  if (ways.length > 1) throw new ValueFault('has more than one of username, bearer_token_file and the header authorization');
}

/** Documents posted to a service of one's own. */
export const httpKind: SinkKind<HttpSettings> = {
  type: 'http',
  text: 'POST requests with newline-delimited JSON: a webhook.',
  settings: {
    url: {
      kind: addresses,
      text: 'Where to post to. Of a list, the next one is used when one fails. Shown to operators: secrets belong into `headers`.',
    },
    headers: {
      kind: headers,
      optional: true,
      secret: true,
      text: 'More headers: texts, or `{ file: FILE }` for one that is read from a file.',
    },
    bearer_token_file: { kind: filePath, optional: true, text: 'A file with the token for `Authorization: Bearer`.' },
    ...userSettings,
    compression: { kind: choice('none', 'gzip'), default: 'none', text: '`gzip`: bodies are compressed (`Content-Encoding: gzip`).' },
    ...tlsSettings,
  },
  batch: { maxEvents: 1000, maxBytes: 1 << 20, maxAgeMs: 1000 },
  check,
  load: () => import('./writer.ts'),
};
