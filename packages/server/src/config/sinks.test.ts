import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { explainConfig } from './explain.ts';
import { checkConfig, loadConfig, type ConfigInput } from './load.ts';

function input(t: TestContext, yaml: string, env: ConfigInput['env'] = {}): ConfigInput {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-config-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'meniscus.yaml');
  writeFileSync(path, yaml);
  return { argv: ['--config', path], env, cwd: '/work-dir' };
}

function faults(t: TestContext, yaml: string, env: ConfigInput['env'] = {}): string[] {
  return checkConfig(input(t, yaml, env)).map(({ key, where, text }) => `${where.replace(/^.*(?= line)/, '').trim()}: ${key} ${text}`);
}

test('a sink has the settings of its kind and those of every sink', (t) => {
  const yaml = `
sinks:
  - { name: archive, type: file, directory: ./archive }
  - name: second
    type: file
    directory: /var/archive
    batch_max_events: 10
    batch_max_bytes: 1MiB
    batch_max_age: 5s
    timeout: 1m
    retry_max_age: 7d
    queue_max_bytes: 1GiB
default_sinks: [store, archive]
`;
  const { config } = loadConfig(input(t, yaml));
  const [archive, second] = config.sinks;
  assert.deepEqual([archive!.name, archive!.type, archive!.settings], ['archive', 'file', { directory: '/work-dir/archive' }]);
  assert.deepEqual([archive!.timeout_ms, archive!.retry_max_age_ms, archive!.queue_max_bytes], [10_000, null, null]);
  assert.deepEqual(second, {
    name: 'second',
    type: 'file',
    settings: { directory: '/var/archive' },
    batch: { maxEvents: 10, maxBytes: 1 << 20, maxAgeMs: 5_000 },
    timeout_ms: 60_000,
    retry_max_age_ms: 7 * 86_400_000,
    queue_max_bytes: 2 ** 30,
  });
  assert.deepEqual(config.default_sinks, ['store', 'archive']);
});

test('what is wrong with a sink is named with its place', (t) => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['sinks: 1', /sinks must be a list/],
    ['sinks: [1]', /sinks\.0 must be a sink/],
    ['sinks:\n  - { name: a }', /line 2: sinks\.0\.type must be one of .*file/],
    ['sinks:\n  - { type: constructor }', /sinks\.0\.type must be one of/],
    ['sinks:\n  - { type: file }', /line 2: sinks\.0 needs directory/],
    [
      'sinks:\n  - type: file\n    directory: a\n    dircetory: b',
      /line 4: sinks\.0\.dircetory is not known here \(did you mean directory\?\)/,
    ],
    ['sinks: [{type: file, directory: a, name: A}]', /sinks\.0\.name must be 1 to 64/],
    ['sinks: [{type: file, directory: a, name: store}]', /sinks\.0\.name is store, which is the built-in sink/],
    ['sinks: [{type: file, directory: a}, {type: file, directory: b}]', /sinks\.1\.name is file, which another sink has/],
    ['sinks:\n  - { type: file, directory: a }\n  - type: http\n    name: file\n    url: "http://a/"', /line 4: sinks\.1\.name is file/],
    ['sinks: [{type: file, directory: a, timeout: 1}]', /sinks\.0\.timeout must be from/],
    ['sinks: [{type: file, directory: "${NO_SUCH}"}]', /environment variable NO_SUCH, which is not set/],
    ['default_sinks: [archive]', /default_sinks names archive, which is no configured sink/],
    ['search: 1', /search must hold backend/],
    ['search: { backend: loki }', /search\.backend must be one of store, elasticsearch/],
    ['search: { backend: elasticsearch }', /search\.sink must name a configured sink of type elasticsearch/],
    ['search: { backend: store, sink: a }', /search\.sink|search sink/],
  ];
  for (const [yaml, expected] of cases) assert.match(faults(t, yaml).join('\n'), expected, yaml);
});

test('texts may hold variables of the environment', (t) => {
  const yaml = 'sinks: [{type: file, directory: "/archive/${WHERE}/$${WHERE}"}]';
  const { config } = loadConfig(input(t, yaml, { WHERE: 'here' }));
  assert.deepEqual(config.sinks[0]!.settings, { directory: '/archive/here/${WHERE}' });
});

test('config show lists sinks as they are written, without their secrets', (t) => {
  const yaml = `sinks:
  - { type: file, directory: "/archive", batch_max_age: 2s }
  - { type: http, url: "http://a.example/x?token=\${SECRET}&b=1", headers: { x-key: "\${SECRET}" } }
  - { type: module, module: own.js, settings: { password: "\${SECRET}" } }`;
  const shown = explainConfig(loadConfig(input(t, yaml, { SECRET: 'open-sesame' }))).find(({ key }) => key === 'sinks')!;
  const [file, http] = shown.value as readonly Readonly<Record<string, unknown>>[];
  assert.deepEqual([file!['name'], file!['directory'], file!['batch_max_age']], ['file', '/archive', '2000ms']);
  assert.deepEqual(http!['url'], ['http://a.example/x?token=***&b=***']);
  assert.equal(shown.origin.kind, 'file');
  assert.doesNotMatch(JSON.stringify(shown), /open-sesame/);
});
