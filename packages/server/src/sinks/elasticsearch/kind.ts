import { choice, duration, filePath, integer, matching, urls, ValueFault } from '../../config/kinds.ts';
import { checkWebTls, tlsSettings, type TlsSettings } from '../tls-settings.ts';
import { checkUser, userSettings, type UserSettings } from '../user-password.ts';
import type { SinkKind } from '../writer.ts';

export interface ElasticsearchSettings extends TlsSettings, UserSettings {
  readonly url: readonly string[];
  readonly api_key_file?: string;
  readonly prefix: string;
  readonly shards: number;
  readonly replicas: number;
  readonly refresh_interval: number;
  readonly mapped_fields_max: number;
  readonly compression: 'none' | 'gzip';
}

/** What the names of indexes, of their template and of their aliases begin with. */
const prefix = matching('NAME', /^[a-z0-9][a-z0-9_-]{0,63}$/, '1 to 64 of a-z, 0-9, _ and -, beginning with a letter or digit');

function check(settings: ElasticsearchSettings): void {
  checkWebTls(settings);
  checkUser(settings);
  if (settings.api_key_file !== undefined && settings.username !== undefined)
    throw new ValueFault('takes api_key_file or username, not both');
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
    ...userSettings,
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
    ...tlsSettings,
  },
  batch: { maxEvents: 10_000, maxBytes: 8 << 20, maxAgeMs: 500 },
  check,
  load: () => import('./writer.ts'),
};
