import type { SyslogSourceConfig } from '../../packages/server/src/config/config.ts';
import { flagOf, keys, scalarKeys, variableOf, type Key } from '../../packages/server/src/config/keys.ts';
import { cell, code, generatedBy, page, settingValue, table } from './markdown.ts';

function defaultOf({ kind, default: value, below }: Key<unknown>): string {
  if (below !== undefined) return code(`<${below}>/${String(value)}`);
  return settingValue(kind.form, Array.isArray(value) ? value.join(',') : value);
}

function row(name: keyof typeof keys): string[] {
  const key = keys[name] as Key<unknown>;
  return [code(name), code(`${flagOf(name)} ${key.kind.form}`), code(variableOf(name)), defaultOf(key), cell(key.text)];
}

const sourceFields: readonly (readonly [keyof SyslogSourceConfig, string])[] = [
  ['type', '`syslog`.'],
  ['port', 'TCP and UDP; 0 is any free port. Required.'],
  ['name', 'Its name in `run.json`, metrics and the pipeline view; 1 to 64 letters, digits, `.`, `-`, `_`.'],
  ['listen', 'The address; that of the key `listen` when not given.'],
  ['tenant', 'Binds the listener: every message is for this tenant, and needs no credentials.'],
  ['allow', 'Required with `tenant`: the addresses and networks that may speak for it. Others are refused and counted.'],
  ['time_zone', 'The zone of the times of RFC 3164, which name none, like `Europe/Berlin`. Default: UTC.'],
];

const example = `\`\`\`yaml
data_dir: /var/lib/meniscus
listen: 0.0.0.0
http_port: 8080
syslog_port: 5140
queue_max_bytes: 20GiB
search_deadline: 1m
sources:
  - type: syslog
    name: switches
    port: 5141
    tenant: acme
    allow: [10.0.0.0/8]
    time_zone: Europe/Berlin
\`\`\``;

/** docs/reference/config.md */
export function configReference(): string {
  return page(
    '# The configuration',
    `${generatedBy} A value is taken from the flag, else the environment variable, else the file, else the default. The file is YAML, named by \`--config FILE\` or \`MENISCUS_CONFIG\`; every key in it is validated at the start and an unknown one refused. \`meniscus config show\` prints each value in force and where it comes from; \`meniscus config check\` says what is wrong.`,
    table(['key', 'flag', 'variable', 'default', 'meaning'], scalarKeys.map(row)),
    'Durations are written with `ms`, `s`, `m`, `h` or `d` (`500ms`, `3h`); sizes as bytes or with `kB`, `MB`, `GB`, `TB` (powers of ten) or `KiB`, `MiB`, `GiB`, `TiB`. Relative paths are relative to the working directory.',
    '## Listeners: `sources`',
    'Only in the file: listeners besides the default one of `syslog_port`.',
    table(
      ['field', 'meaning'],
      sourceFields.map(([name, text]) => [code(name), text]),
    ),
    '## Where events go: `sinks` and `search`',
    'Only in the file: see [sinks](sinks.md).',
    '## An example',
    example,
  );
}
