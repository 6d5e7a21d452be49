import { choice, duration, filePath, flag, integer, type Kind, urls, ValueFault } from '../../config/kinds.ts';
import type { SinkKind } from '../writer.ts';

export interface ElasticsearchSettings {
  readonly url: readonly string[];
  readonly api_key_file?: string;
  readonly username?: string;
  readonly password_file?: string;
  readonly ca_file?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
  readonly verify_certificate: boolean;
  readonly prefix: string;
  readonly shards: number;
  readonly replicas: number;
  readonly refresh_interval: number;
  readonly mapped_fields_max: number;
  readonly compression: 'none' | 'gzip';
}

/** What the names of indexes, of their template and of their aliases begin with. */
const prefix: Kind<string> = {
  form: 'NAME',
  parse: (value) => {
    if (typeof value === 'string' && /^[a-z0-9][a-z0-9_-]{0,63}$/.test(value)) return value;
    throw new ValueFault('must be 1 to 64 of a-z, 0-9, _ and -, beginning with a letter or digit');
  },
};

const user: Kind<string> = {
  form: 'NAME',
  parse: (value) => {
    if (typeof value === 'string' && value !== '' && !value.includes(':')) return value;
    throw new ValueFault('must be a name without a colon');
  },
};

function check(settings: ElasticsearchSettings): void {
  const { api_key_file: apiKey, username, password_file: password, cert_file: cert, key_file: key, ca_file: ca } = settings;
  if (apiKey !== undefined && username !== undefined) throw new ValueFault('takes api_key_file or username, not both');
  if ((username === undefined) !== (password === undefined)) throw new ValueFault('takes username and password_file together');
  if ((cert === undefined) !== (key === undefined)) throw new ValueFault('takes cert_file and key_file together');
  const secured = ca ?? cert;
  if (secured !== undefined && !settings.url.some((url) => url.startsWith('https:')))
    throw new ValueFault('takes ca_file and cert_file with a url that begins with https:');
}

/** Documents in Elasticsearch or OpenSearch, an index for each tenant and day. */
export const elasticsearchKind: SinkKind<ElasticsearchSettings> = {
  type: 'elasticsearch',
  text: 'Elasticsearch or OpenSearch, an index for each tenant and day.',
  settings: {
    url: {
      kind: urls,
      text: 'Where the cluster is reached, one or several of its nodes: when one cannot be reached, the next one is tried.',
    },
    api_key_file: { kind: filePath, optional: true, text: 'A file that holds an API key, encoded or as `id:key`.' },
    username: { kind: user, optional: true, text: 'The user, with `password_file`.' },
    password_file: { kind: filePath, optional: true, text: "A file that holds the user's password." },
    ca_file: {
      kind: filePath,
      optional: true,
      text: "Certificates (PEM) that the server's must be signed by; left out, the well-known ones.",
    },
    cert_file: { kind: filePath, optional: true, text: 'A certificate (PEM) to be shown to the server, with `key_file`.' },
    key_file: { kind: filePath, optional: true, text: 'The key (PEM) of `cert_file`.' },
    verify_certificate: {
      kind: flag,
      default: true,
      text: 'Whether the certificate of the server is checked. Off, anybody can pretend to be it.',
    },
    prefix: {
      kind: prefix,
      default: 'meniscus',
      text: 'What names of indexes begin with: `<prefix>-<tenant>-<yyyy.mm.dd>`. Its own for each installation that shares a cluster.',
    },
    shards: { kind: integer('COUNT', 1, 1024), default: 1, text: 'Primary shards of a new index.' },
    replicas: { kind: integer('COUNT', 0, 16), default: 1, text: 'Copies of each shard of a new index.' },
    refresh_interval: { kind: duration(100, 3_600_000), default: 1000, text: 'How long until a new event is found by searches.' },
    mapped_fields_max: {
      kind: integer('COUNT', 0, 5000),
      default: 300,
      text: 'How many names of fields in an index can be asked for directly in the cluster (`native.status:500`). Searches through Meniscus find all of them anyway.',
    },
    compression: { kind: choice('none', 'gzip'), default: 'none', text: 'How requests are compressed: gzip saves network and takes CPU.' },
  },
  batch: { maxEvents: 10_000, maxBytes: 8 << 20, maxAgeMs: 500 },
  check,
  load: () => import('./writer.ts'),
};
