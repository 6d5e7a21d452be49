import { choice, duration, filePath, integer, matching, size, urls, ValueFault, type Kind } from '../../config/kinds.ts';
import { checkTls, tlsSettings, type TlsSettings } from '../tls-settings.ts';
import type { SinkKind } from '../writer.ts';
import { templateFault } from './file-path.ts';

export interface HdfsSettings extends TlsSettings {
  readonly url: readonly string[];
  readonly user?: string;
  readonly delegation_token_file?: string;
  readonly directory: string;
  readonly path: string;
  readonly compression: 'none' | 'gzip' | 'zstd';
  readonly file_max_bytes: number;
  readonly file_max_age: number;
  readonly replication?: number;
}

const GIB = 2 ** 30;

const directory: Kind<string> = {
  form: 'PATH',
  parse: (value) => {
    const text = typeof value === 'string' ? value.replace(/\/+$/, '') : '';
    const fine = text.startsWith('/') && !text.includes('\0') && text.split('/').every((part) => part !== '..' && part !== '.');
    if (!fine) throw new ValueFault('must be an absolute path in HDFS, like /meniscus');
    return text;
  },
};

const template: Kind<string> = {
  form: 'PATH',
  parse: (value) => {
    const fault = typeof value === 'string' ? templateFault(value) : 'must be a path like {tenant}/{date}';
    if (fault !== undefined) throw new ValueFault(fault);
    return value as string;
  },
};

/** Files of newline-delimited JSON in Hadoop: an archive, from which nothing is ever deleted. */
export const hdfsKind: SinkKind<HdfsSettings> = {
  type: 'hdfs',
  text: 'Hadoop (WebHDFS or HttpFS): files of newline-delimited JSON, named by tenant, day and place in the queue.',
  settings: {
    url: { kind: urls, text: 'The name node, or all name nodes of a highly available cluster, or an HttpFS: `http://namenode:9870`.' },
    user: {
      kind: matching('NAME', /^[^\s\0/]{1,256}$/, "an account's name"),
      optional: true,
      text: 'The account that a cluster without security believes.',
    },
    delegation_token_file: { kind: filePath, optional: true, text: 'A file that holds a Hadoop delegation token, instead of `user`.' },
    directory: { kind: directory, default: '/meniscus', text: 'Where everything goes; made when it is missing.' },
    path: {
      kind: template,
      default: '{tenant}/{date}',
      text: 'The directory of a file below `directory`: `{tenant}`, `{date}` (2026-11-23) or `{year}`, `{month}` and `{day}`.',
    },
    compression: {
      kind: choice('none', 'gzip', 'zstd'),
      default: 'none',
      text: 'How files are compressed: `.ndjson`, `.ndjson.gz` or `.ndjson.zst`.',
    },
    file_max_bytes: { kind: size(1 << 16, GIB), default: 128 << 20, text: 'A file ends at so many bytes, before compression.' },
    file_max_age: { kind: duration(100, 86_400_000), default: 60_000, text: 'Files are written so long after their first event.' },
    replication: { kind: integer('COUNT', 1, 512), optional: true, text: 'Copies of each file. Left out: what the cluster does.' },
    ...tlsSettings,
  },
  batch: ({ file_max_bytes, file_max_age }) => ({ maxEvents: 2_000_000, maxBytes: file_max_bytes, maxAgeMs: file_max_age }),
  check: (settings) => {
    if (settings.user !== undefined && settings.delegation_token_file !== undefined)
      throw new ValueFault('takes user or delegation_token_file, not both');
    checkTls(settings);
  },
  load: () => import('./writer.ts'),
};
