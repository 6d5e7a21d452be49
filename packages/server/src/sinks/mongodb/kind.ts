import { flag, matching, ValueFault, type Kind } from '../../config/kinds.ts';
import { checkTls, tlsSettings, type TlsSettings } from '../tls-settings.ts';
import { checkUser, userSettings, type UserSettings } from '../user-password.ts';
import type { SinkKind } from '../writer.ts';

export interface MongodbSettings extends TlsSettings, UserSettings {
  readonly url: string;
  readonly database: string;
  readonly collection: string;
  readonly tls: boolean;
  readonly ttl_index: boolean;
}

const URL_FORM = /^(mongodb(?:\+srv)?):\/\/([^/?@\s]+)(\/[^?\s]*)?(\?\S*)?$/;
/** Options of a URL that hold secrets. */
const SECRET_OPTIONS = /[?&](tlsCertificateKeyFilePassword|proxyPassword|authMechanismProperties)=/i;

const connectionString: Kind<string> = {
  form: 'URL',
  parse: (value) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const urls = list.map(parts);
    const first = urls[0];
    if (first === undefined) throw new ValueFault('must be a URL');
    const others = urls.slice(1);
    if (
      others.some(({ scheme, rest }) => scheme !== first.scheme || (rest !== first.rest && rest !== '')) ||
      (others.length > 0 && first.scheme !== 'mongodb')
    )
      throw new ValueFault('must be a list of members of one cluster, which differ in their hosts only');
    return `${first.scheme}://${urls.map(({ hosts }) => hosts).join(',')}${first.rest}`;
  },
};

function parts(value: unknown): { readonly scheme: string; readonly hosts: string; readonly rest: string } {
  const text = typeof value === 'string' ? value.trim() : '';
  if (/^mongodb[^/]*:\/\/[^/?]*@/.test(text))
    throw new ValueFault('must have no user and password in the URL: they have settings of their own');
  const match = URL_FORM.exec(text);
  if (match === null) throw new ValueFault('must be a URL like mongodb://127.0.0.1:27017');
  if (SECRET_OPTIONS.test(text)) throw new ValueFault('has an option that holds a secret, which a URL must not');
  const path = match[3] === '/' && match[4] === undefined ? '' : (match[3] ?? '');
  const options = match[4] ?? '';
  // The driver wants a slash before options.
  return { scheme: match[1]!, hosts: match[2]!, rest: path === '' && options !== '' ? `/${options}` : path + options };
}

function check(settings: MongodbSettings): void {
  checkTls(settings);
  checkUser(settings);
}

/** Documents in a collection, under the ids of their events. */
export const mongodbKind: SinkKind<MongodbSettings> = {
  type: 'mongodb',
  text: 'A collection of MongoDB, or of a server that speaks its protocol.',
  settings: {
    url: {
      kind: connectionString,
      text: 'Where the server is: `mongodb://HOST:PORT,...` or `mongodb+srv://HOST`, with options behind a `?`. A list names members of one cluster.',
    },
    database: {
      kind: matching('NAME', /^[^/\\. "$*<>:|?\0]{1,63}$/, 'the name of a database'),
      default: 'meniscus',
      text: 'The database.',
    },
    collection: {
      kind: matching('NAME', /^(?!system\.)[^$\0]{1,120}$/, 'the name of a collection'),
      default: 'events',
      text: 'The collection; it and its indexes are made when they are missing.',
    },
    ...userSettings,
    username: {
      kind: matching('NAME', /^[^\0]{1,256}$/, 'a name'),
      optional: true,
      text: 'The user, with `password_file`; of the database `admin`, unless the URL has `authSource`.',
    },
    tls: { kind: flag, default: false, text: 'Speak TLS. Also switched on by `ca_file` and `cert_file`, and by `mongodb+srv`.' },
    ttl_index: {
      kind: flag,
      default: true,
      text: 'Let the server delete what is past its retention, by a date `expires_at` in each document, where it can. `false`, and where it cannot: documents have no such field, and the sink deletes them every hour.',
    },
    ...tlsSettings,
  },
  batch: { maxEvents: 1000, maxBytes: 4 << 20, maxAgeMs: 500 },
  check,
  load: () => import('./writer.ts'),
};
