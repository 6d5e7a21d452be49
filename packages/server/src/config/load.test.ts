import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { MeniscusError } from '../errors.ts';
import { explainConfig } from './explain.ts';
import { keys, scalarKeys, variableOf } from './keys.ts';
import { checkConfig, isLoopback, loadConfig } from './load.ts';
import type { ConfigInput, LoadedConfig } from './load.ts';

function load(argv: readonly string[] = [], env: ConfigInput['env'] = {}): LoadedConfig {
  return loadConfig({ argv, env, cwd: '/work-dir' });
}

/** A configuration file with this text. */
function file(t: TestContext, yaml: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-config-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'meniscus.yaml');
  writeFileSync(path, yaml);
  return path;
}

function faultsOf(argv: readonly string[], env: ConfigInput['env'] = {}): string[] {
  return checkConfig({ argv, env, cwd: '/work-dir' }).map(({ key, where, text }) => `${where}: ${key}${key && ' '}${text}`);
}

function faultsInFile(t: TestContext, yaml: string): string[] {
  const path = file(t, yaml);
  return faultsOf(['--config', path]).map((fault) => fault.replaceAll(path, 'FILE'));
}

test('nothing given: the defaults', () => {
  const { config, origins, file, warnings } = load();
  assert.deepEqual(config, {
    data_dir: '/work-dir/data',
    backup_dir: '/work-dir/data/backups',
    listen: '127.0.0.1',
    http_port: 8080,
    syslog_port: 5140,
    api_auth: 'on',
    metrics_auth: 'on',
    create_tenant_on_get: false,
    token_reset_minimum: 10_800_000,
    default_sinks: ['store'],
    log_level: 'info',
    ingest_threads: 0,
    query_threads: 0,
    queue_max_bytes: 8 * 1024 ** 3,
    disk_reserve_bytes: 256 * 1024 ** 2,
    syslog_message_max_bytes: 65_536,
    search_deadline: 30_000,
    compression_level: 3,
    sources: [],
    sinks: [],
    search: { backend: 'store' },
  });
  assert.ok(Object.values(origins).every((origin) => origin.kind === 'default'));
  assert.equal(file, undefined);
  assert.deepEqual(warnings, []);
});

test('every default is a value that its own key takes', () => {
  for (const key of scalarKeys) assert.doesNotThrow(() => keys[key].kind.parse(keys[key].default, '/'), key);
});

test('flag, environment, file, default, in this order', (t) => {
  const path = file(t, 'http_port: 1\nsyslog_port: 2\nlisten: 127.0.0.2\n');
  const env = { MENISCUS_CONFIG: path, MENISCUS_HTTP_PORT: '11', MENISCUS_SYSLOG_PORT: '12', MENISCUS_LISTEN: '' };
  const { config, origins, file: used } = load(['--http-port', '21'], env);
  assert.deepEqual([config.http_port, config.syslog_port, config.listen, config.log_level], [21, 12, '127.0.0.2', 'info']);
  assert.deepEqual(origins.http_port, { kind: 'flag', where: '--http-port' });
  assert.deepEqual(origins.syslog_port, { kind: 'environment', where: 'MENISCUS_SYSLOG_PORT' });
  assert.deepEqual(origins.listen, { kind: 'file', where: `${path} line 3` });
  assert.deepEqual(origins.log_level, { kind: 'default', where: 'default' });
  assert.equal(used, path);
});

test('every key is a flag and a variable', () => {
  assert.equal(load(['--log-level=debug']).config.log_level, 'debug');
  assert.equal(load(['--create-tenant-on-get']).config.create_tenant_on_get, true);
  assert.equal(load(['--create-tenant-on-get', '--http-port', '0']).config.http_port, 0);
  assert.equal(load(['--create-tenant-on-get', 'false']).config.create_tenant_on_get, false);
  assert.equal(load(['--http-port', '1', '--http-port=2']).config.http_port, 2);
  assert.deepEqual(load(['--default-sinks', 'store']).config.default_sinks, ['store']);
  const env = {
    MENISCUS_DATA_DIR: 'x/../y',
    MENISCUS_TOKEN_RESET_MINIMUM: '1s',
    MENISCUS_API_AUTH: 'off',
    MENISCUS_QUEUE_MAX_BYTES: '64MiB',
  };
  const { config } = load([], env);
  assert.deepEqual(
    [config.data_dir, config.token_reset_minimum, config.api_auth, config.queue_max_bytes],
    ['/work-dir/y', 1000, 'off', 64 * 2 ** 20],
  );
  for (const key of scalarKeys)
    assert.match(faultsOf([], { [variableOf(key)]: '\0' }).join('\n'), new RegExp(`^${variableOf(key)}: ${key} `), key);
});

test('durations and sizes', () => {
  const durations: [string, number][] = [['500ms', 500], ['30s', 30_000], ['1.5m', 90_000], ['3 h', 10_800_000], ['7d', 604_800_000], ['250', 250], ['0', 0]]; // prettier-ignore
  for (const [text, ms] of durations) assert.equal(load(['--token-reset-minimum', text]).config.token_reset_minimum, ms, text);
  for (const text of ['', 'h', '-1s', '1w', '1h30m', '1e3', '1 000', '366d', 'constructor', '1constructor', '9'.repeat(30)]) {
    assert.equal(faultsOf([`--token-reset-minimum=${text}`]).length, 1, text);
  }
  const sizes: [string, number][] = [['2000000', 2e6], ['64MiB', 2 ** 26], ['64MB', 64e6], ['2 gib', 2 ** 31], ['1.5MiB', 1.5 * 2 ** 20], ['1TiB', 2 ** 40], ['1048576B', 2 ** 20]]; // prettier-ignore
  for (const [text, bytes] of sizes) assert.equal(load(['--queue-max-bytes', text]).config.queue_max_bytes, bytes, text);
  for (const text of ['64M', '1', '-1', '1PiB', '100TiB']) assert.equal(faultsOf([`--queue-max-bytes=${text}`]).length, 1, text);
});

test('unknown keys are refused with their file, line, and the closest name', (t) => {
  assert.deepEqual(faultsInFile(t, 'listen: 127.0.0.1\nhttp_prot: 1\n'), ['FILE line 2: http_prot is not known (did you mean http_port?)']);
  assert.deepEqual(faultsInFile(t, '"__proto__": 1\nsink: []\nalerts: {}\n'), [
    'FILE line 1: __proto__ is not known',
    'FILE line 2: sink is not known (did you mean sinks?)',
    'FILE line 3: alerts is not known',
  ]);
  assert.deepEqual(faultsOf(['--http-prot', '1', 'stray']), [
    '--http-prot: there is no such option (did you mean --http-port?)',
    '1: is no option; options begin with --',
    'stray: is no option; options begin with --',
  ]);
  assert.deepEqual(faultsOf(['--http-port']), ['--http-port: needs a value']);
  assert.deepEqual(load([], { MENISCUS_HTTP_PROT: '1', MENISCUS_PORT: 'tcp://10.0.0.1:80', MENISCUS_URL: 'x', HOME: '/' }).warnings, [
    'MENISCUS_HTTP_PROT is not known (did you mean MENISCUS_HTTP_PORT?)',
  ]);
});

test('all faults are reported at once, as one error', () => {
  const argv = ['--http-port', '70000', '--log-level', 'loud', '--listen', '300.1.1.1'];
  assert.throws(
    () => load(argv),
    (error) => {
      assert.ok(error instanceof MeniscusError);
      assert.equal(error.code, 'bad_configuration');
      assert.equal(error.extra.errors?.length, 3);
      for (const text of [
        '--http-port: http_port must be from 0 to 65535',
        'log_level must be one of trace, debug',
        'listen must be an IP address',
      ])
        assert.ok(error.message.includes(text), text);
      return true;
    },
  );
});

test('wrong types in the file', (t) => {
  const wrong = ['http_port: eighty', 'http_port: 1.5', 'http_port: []', 'http_port: -1', 'listen: 5', 'listen: {a: 1}', 'data_dir: 5', 'create_tenant_on_get: 1']; // prettier-ignore
  for (const yaml of [
    ...wrong,
    'default_sinks: []',
    'default_sinks: [store, store]',
    'default_sinks: [1]',
    'default_sinks: [hdfs]',
    'log_level: on',
  ]) {
    const faults = faultsInFile(t, yaml);
    assert.equal(faults.length, 1, yaml);
    assert.match(faults[0]!, /^FILE line 1: /);
  }
});

test('a file that is no configuration', (t) => {
  for (const yaml of ['[1]', 'text', 'a: [', 'http_port: 1\nhttp_port: 2', '\tx: 1', 'a: *missing']) {
    const faults = faultsInFile(t, yaml);
    assert.ok(faults.length > 0 && faults.every((fault) => fault.startsWith('FILE')), yaml);
  }
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((n, i) => `${n}: &${n} [${Array(9).fill(`*${'abcdefg'[i]}`)}]`),
  ].join('\n');
  assert.ok(faultsInFile(t, bomb).length > 0);
  assert.match(faultsOf(['--config', 'absent.yaml'])[0]!, /^\/work-dir\/absent.yaml: cannot be read/);
  assert.deepEqual(faultsInFile(t, ''), []);
  assert.deepEqual(faultsInFile(t, '# nothing\nlisten:\nsources:\n'), []);
});

test('backups are made below the data directory unless told otherwise, and there in their own place only', () => {
  assert.equal(load(['--data-dir', '/var/lib/m']).config.backup_dir, '/var/lib/m/backups');
  assert.equal(load(['--data-dir', '/var/lib/m', '--backup-dir', 'b']).config.backup_dir, '/work-dir/b');
  for (const directory of ['/', '/var/lib', '/var/lib/mm', '/var/lib/..m', '/var/lib/m/backups', '/var/lib/m/backups/here'])
    assert.equal(load(['--data-dir', '/var/lib/m', '--backup-dir', directory]).config.backup_dir, directory);
  for (const directory of ['/var/lib/m', '/var/lib/m/store', '/var/lib/m/backups2'])
    assert.deepEqual(faultsOf(['--data-dir', '/var/lib/m', '--backup-dir', directory]), [
      '--backup-dir: backup_dir can only be /var/lib/m/backups within data_dir, or outside of it',
    ]);
});

test('api_auth off needs a loopback address', (t) => {
  for (const listen of ['127.0.0.1', '127.9.9.9', '::1', '[::1]', 'localhost'])
    assert.equal(load(['--api-auth', 'off', '--listen', listen]).config.api_auth, 'off');
  for (const listen of ['0.0.0.0', '::', '10.0.0.1', 'example.org', '::ffff:10.0.0.1']) {
    assert.deepEqual(faultsOf(['--api-auth', 'off', '--listen', listen]), [
      `--api-auth: api_auth can only be off when listen is a loopback address, not ${listen}`,
    ]);
  }
  for (const yaml of ['api_auth: off', 'api_auth: false']) assert.equal(load(['--config', file(t, yaml)]).config.api_auth, 'off');
  assert.equal(isLoopback('127.evil.example'), false);
  assert.equal(isLoopback('localhost.example'), false);
});

test('two listeners cannot have one port', () => {
  assert.deepEqual(faultsOf(['--http-port', '5140']), ['default: syslog_port is port 5140 of 127.0.0.1, which http_port is too']);
  assert.deepEqual(faultsOf(['--http-port', '0', '--syslog-port', '0']), []);
});

test('sources', (t) => {
  const yaml = `
sources:
  - type: syslog
    port: 5141
    tenant: acme
    allow: [10.0.0.0/8, 127.0.0.1, "::1", "fd00::/8"]
    time_zone: Europe/Berlin
    name: routers
    listen: 0.0.0.0
  - { type: syslog, port: 0 }
`;
  const { config, origins } = load(['--config', file(t, yaml)]);
  assert.deepEqual(config.sources, [
    {
      type: 'syslog',
      port: 5141,
      tenant: 'acme',
      allow: ['10.0.0.0/8', '127.0.0.1', '::1', 'fd00::/8'],
      time_zone: 'Europe/Berlin',
      name: 'routers',
      listen: '0.0.0.0',
    },
    { type: 'syslog', port: 0 },
  ]);
  assert.equal(origins.sources.kind, 'file');
});

test('what is wrong in sources is named with its place', (t) => {
  const cases: [string, RegExp][] = [
    ['sources: 1', /sources must be a list/],
    ['sources: [1]', /sources\.0 must be a listener/],
    ['sources:\n  - type: syslog', /line 2: sources\.0 needs a port/],
    ['sources:\n  - port: 1', /sources\.0\.type must be syslog/],
    ['sources:\n  - type: relp\n    port: 1', /line 2: sources\.0\.type must be syslog/],
    ['sources:\n  - type: syslog\n    port: 70000', /line 3: sources\.0\.port must be from/],
    ['sources:\n  - type: syslog\n    prot: 1\n    port: 1', /line 3: sources\.0\.prot is not known here \(did you mean port\?\)/],
    ['sources:\n  - type: syslog\n    port: 1\n    constructor: 1', /sources\.0\.constructor is not known/],
    ['sources: [{type: syslog, port: 1, tenant: acme}]', /sources\.0 binds a tenant and so needs allow/],
    ['sources: [{type: syslog, port: 1, allow: [10.0.0.0/8]}]', /allow without a tenant/],
    ['sources: [{type: syslog, port: 1, tenant: 7, allow: [10.0.0.0/8]}]', /tenant must be a string/],
    ['sources: [{type: syslog, port: 1, tenant: "", allow: [10.0.0.0/8]}]', /tenant must not be empty/],
    ['sources: [{type: syslog, port: 1, name: "a b"}]', /name must be/],
    ['sources: [{type: syslog, port: 1, name: a}, {type: syslog, port: 2, name: a}]', /names two listeners a/],
    ['sources: [{type: syslog, port: 8080}]', /port 8080 of 127\.0\.0\.1/],
    ...[
      '[]',
      '10.0.0.0/8',
      '[10.0.0.0/33]',
      '["::/129"]',
      '[10.0.0/8]',
      '[localhost]',
      '[10.0.0.0/8/8]',
      '[10.0.0.0/]',
      '["fe80::1%eth0"]',
      '[1]',
    ].map((allow): [string, RegExp] => [
      `sources: [{type: syslog, port: 1, tenant: a, allow: ${allow}}]`,
      /sources\.0\.allow (must be|holds)/,
    ]),
    ...['Mars/Phobos', '"+01:00"', '5', '""'].map((zone): [string, RegExp] => [
      `sources: [{type: syslog, port: 1, time_zone: ${zone}}]`,
      /time_zone must be/,
    ]),
  ];
  for (const [yaml, expected] of cases) {
    const faults = faultsInFile(t, yaml);
    assert.equal(faults.length, 1, `${yaml}: ${faults.join('; ')}`);
    assert.match(faults[0]!, expected);
  }
});

test('config show gives each value with where it comes from', () => {
  const shown = explainConfig(load(['--http-port', '1']));
  assert.deepEqual(
    shown.find(({ key }) => key === 'http_port'),
    { key: 'http_port', value: 1, origin: { kind: 'flag', where: '--http-port' } },
  );
  assert.equal(shown.length, scalarKeys.length + 3);
});
