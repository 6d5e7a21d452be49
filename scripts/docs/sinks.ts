import { commonSettings } from '../../packages/server/src/config/sinks.ts';
import { sinkKinds, STORE } from '../../packages/server/src/sinks/index.ts';
import type { BatchLimits, Setting } from '../../packages/server/src/sinks/writer.ts';
import { bytes, cell, code, duration, generatedBy, page, settingValue, table } from './markdown.ts';

type Kind = (typeof sinkKinds)[string];

function defaultOf({ kind, default: value, optional }: Setting<unknown>): string {
  if (value !== undefined) return settingValue(kind.form, value);
  return optional === true ? '' : 'required';
}

/** Its batches with the defaults of its own settings. */
function batchOf(kind: Kind): BatchLimits {
  const settings = kind.settings as Readonly<Record<string, Setting<unknown>>>;
  const defaults = Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.default]));
  return typeof kind.batch === 'function' ? (kind.batch(defaults) as BatchLimits) : kind.batch;
}

function section(kind: Kind): string[] {
  const settings = Object.entries(kind.settings as Readonly<Record<string, Setting<unknown>>>);
  const { maxEvents, maxBytes, maxAgeMs } = batchOf(kind);
  return [
    `## ${code(kind.type)}`,
    kind.text,
    table(
      ['setting', 'value', 'default', 'meaning'],
      settings.map(([name, setting]) => [code(name), code(setting.kind.form), defaultOf(setting), cell(setting.text)]),
    ),
    `Unless it is set otherwise, a batch is written at ${maxEvents.toLocaleString('en')} events, ${bytes(maxBytes)} or ${duration(maxAgeMs)} after its first event.`,
  ];
}

const common = Object.entries(commonSettings as Readonly<Record<string, Setting<unknown>>>).map(([name, setting]) => {
  const own = name.startsWith('batch_') ? "the kind's" : defaultOf(setting);
  return [code(name), code(setting.kind.form), own, cell(setting.text)];
});

const example = `\`\`\`yaml
sinks:
  - { name: elasticsearch, type: elasticsearch, url: "https://search.example:9200", api_key_file: /etc/meniscus/elasticsearch.key }
  - name: archive
    type: hdfs
    url: ["http://namenode-1.example:9870", "http://namenode-2.example:9870"]
    user: meniscus
    compression: zstd
    retry_max_age: 7d
default_sinks: [store, elasticsearch]
search: { backend: store }
\`\`\``;

/** docs/reference/sinks.md */
export function sinksReference(): string {
  return page(
    '# Sinks',
    `${generatedBy} Where events go: ${code(STORE)}, the embedded store, is always there; others are listed under \`sinks\` in the configuration's file. A producer's \`sinks\` chooses among them, \`default_sinks\` is for those that name none.`,
    'Each sink has a place of its own in the queue and a thread of its own: one that is slow or down holds back no other, and catches up by itself. `meniscus pipeline` shows how far each is, `meniscus config reload` makes changes take effect without a restart, `meniscus config check --connect` tries each.',
    example,
    'A text may hold `${NAME}`, a variable of the environment (`$${` is `${`). Secrets come from there or from files, which are read again at each connection.',
    '## Every sink',
    table(
      ['setting', 'value', 'default', 'meaning'],
      [
        [
          code('name'),
          code('NAME'),
          'the type',
          'What producers and `default_sinks` call it: lower-case letters, digits, `-`, `.`, `_`. It is the place in the queue: under a new name a sink begins anew.',
        ],
        [code('type'), code(Object.keys(sinkKinds).join('|')), 'required', 'The kind.'],
        ...common,
      ],
    ),
    'After an error a batch is tried again within a second, then after longer and longer times, at most 30 s apart. An event that the server refuses for good becomes a [dead letter](dead-letters.md) of its tenant, with the words of the server; the rest of its batch goes on.',
    ...Object.values(sinkKinds).flatMap(section),
    '## Searching a sink',
    '`search: { backend: elasticsearch, sink: NAME }` has searches answered by the cluster that the sink of that name fills, instead of the embedded store; the language and the routes are the same.',
  );
}
