import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client, scriptCleanup, startProcess, temporaryDirectory, until, type MeniscusProcess, type RunFile } from '@meniscus/testkit';

const bin = path.resolve(import.meta.dirname, '../bin/meniscus.js');
const cleanup = scriptCleanup();
let directory: string;
let dataDir: string;
let service: MeniscusProcess;

/** The command with the service's data directory in its environment. */
function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return {
    PATH,
    HOME: directory,
    XDG_CONFIG_HOME: path.join(directory, 'config'),
    MENISCUS_DATA_DIR: dataDir,
    MENISCUS_TENANT: 'acme',
    ...more,
  };
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function meniscus(args: readonly string[], options: { readonly stdin?: string | Buffer; readonly env?: NodeJS.ProcessEnv } = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    input: options.stdin ?? '',
    env: environment(options.env),
    cwd: directory,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}

/** Standard output of a command that must succeed. */
function done(args: readonly string[], options: Parameters<typeof meniscus>[1] = {}): string {
  const outcome = meniscus(args, options);
  assert.equal(outcome.code, 0, `meniscus ${args.join(' ')}\n${outcome.stdout}${outcome.stderr}`);
  return outcome.stdout;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
function json<T>(args: readonly string[]): T {
  return JSON.parse(done([...args, '--output', 'json'])) as T;
}

/** A block of `tenant create`'s text: what follows the heading. */
function setting(text: string, name: string): string {
  const block = text.split('\n\n').find((part) => part.startsWith(`# ${name}`));
  assert.ok(block !== undefined, `no settings for ${name}`);
  return block.slice(block.indexOf('\n') + 1);
}

before(async () => {
  directory = temporaryDirectory(cleanup);
  dataDir = path.join(directory, 'data');
  service = await startProcess(cleanup, { dataDir });
  done(['tenant', 'create', 'acme', '--name', 'Acme']);
});

after(() => cleanup.end());

test('what tenant create prints for curl works when pasted', (t) => {
  if (spawnSync('curl', ['--version']).error !== undefined) return t.skip('no curl');
  const text = done(['tenant', 'create', 'it\'s a "tenant" & more]']);
  const pasted = spawnSync('bash', ['-c', setting(text, 'curl')], { encoding: 'utf8' });
  assert.equal(pasted.status, 0, pasted.stderr);
  assert.equal((JSON.parse(pasted.stdout) as { accepted: number }).accepted, 1);
  assert.equal(done(['count', '-t', 'it\'s a "tenant" & more]', '"hello from curl"']), '1\n');
  return undefined;
});

test('what tenant create prints for logger works when pasted', async (t) => {
  const logger = spawnSync('logger', ['--version'], { encoding: 'utf8' });
  if (logger.error !== undefined || !logger.stdout.includes('util-linux')) return t.skip('no util-linux logger');
  const tenant = 'log "ger"\\';
  const text = done(['tenant', 'create', tenant]);
  const pasted = spawnSync('bash', ['-c', setting(text, 'logger')], { encoding: 'utf8' });
  assert.equal(pasted.status, 0, pasted.stderr);
  await until('the event', async () => (await new Client(service).count(tenant, '"hello from logger"')) === 1);
  assert.equal(done(['count', '-t', tenant, 'app:=checkout']), '1\n');
  return undefined;
});

test('send, search, count and the other searches', () => {
  const lines = Array.from({ length: 300 }, (_, i) =>
    JSON.stringify({ host: `web-${i % 3}`, app: 'shop', level: i % 10 === 0 ? 'error' : 'info', message: `order ${i}`, took: i }),
  );
  assert.equal(done(['send', '--format', 'json'], { stdin: lines.join('\n') }), '300 events accepted, 0 rejected\n');
  const file = path.join(directory, 'app.log');
  writeFileSync(file, 'plain text one\nplain text two\n');
  assert.match(done(['send', file]), /^2 events accepted/);

  assert.equal(done(['search', 'order 299', '-o', 'ndjson']).trim().split('\n').length, 1);
  assert.match(done(['search', 'level:error', '--limit', '2']), /^TIME .*\n.*error +web-\d +shop +order 290\n.*order 280\n$/);
  assert.equal(done(['search', '--all', '-o', 'ndjson', 'app:shop']).trim().split('\n').length, 300);
  assert.equal(done(['count', 'level:error']), '30\n');
  assert.equal(
    json<{ buckets: { count: number }[] }>(['histogram', 'app:shop']).buckets.reduce((sum, { count }) => sum + count, 0),
    300,
  );
  assert.match(done(['histogram', '--by', 'level', '--interval', '30m', 'app:shop']), /LEVEL=ERROR/);
  assert.match(done(['facets', '--fields', 'host,pname', 'app:shop']), /host +web-0 +100 +33\.3 %/);
  assert.match(done(['fields']), /^host +string/m);
  assert.match(done(['values', '--field', 'host', '--prefix', 'web']), /web-1 +100/);
  assert.match(done(['stats', 'app:shop', '--by', 'host', '--metrics', 'count,max(took)']), /web-2 +100 +299/);
  assert.match(done(['export', 'plain', '--format', 'raw']), /^plain text one\nplain text two\n$/);
  const csv = path.join(directory, 'out.csv');
  done(['export', 'app:shop', '--format', 'csv', '--fields', 'time,msg', '--file', csv]);
  assert.equal(readFileSync(csv, 'utf8').trim().split('\n').length, 301);
});

test('a refused query shows where it is wrong and ends with 1', () => {
  const { code, stderr } = meniscus(['search', 'host:web-01 (']);
  assert.equal(code, 1);
  assert.match(stderr, /Cannot parse the query[^]*host:web-01 \(\n +\^/);
});

test('a reader that goes away ends the command quietly', () => {
  const parquet = path.join(directory, 'shop.parquet');
  done(['export', 'app:shop', '--format', 'parquet', '--file', parquet]);
  const bytes = readFileSync(parquet, 'latin1');
  assert.ok(bytes.startsWith('PAR1') && bytes.endsWith('PAR1'));
  const piped = spawnSync('bash', ['-c', `set -o pipefail; "${process.execPath}" "${bin}" export app:shop | head -n 1`], {
    env: environment(),
    encoding: 'utf8',
  });
  assert.deepEqual([piped.status, piped.stderr], [0, '']);
});

test('saved searches', () => {
  done(['saved', 'put', 'trouble', 'level:error', '--from', '-1d', '--columns', 'host,msg']);
  assert.match(done(['saved', 'list']), /trouble +level:error +-1d +- +host,msg/);
  assert.match(done(['saved', 'show', 'trouble']), /level:error/);
  assert.match(done(['search', '--saved', 'trouble', '-n', '1']), /^HOST +MSG\nweb-\d +order 290\n$/);
  done(['saved', 'remove', 'trouble']);
  assert.equal(meniscus(['saved', 'show', 'trouble']).code, 1);
});

test('tenants, tokens, producers and keys', () => {
  assert.match(done(['tenant', 'list']), /^acme +Acme/m);
  assert.match(done(['tenant', 'show', 'acme']), /retention_days +90/);
  assert.match(done(['tenant', 'set', 'acme', '--retention-days', '30']), /retention_days +30/);
  assert.match(done(['tenant', 'settings', 'acme']), /MESSAGE-TOKEN/);
  assert.equal(meniscus(['tenant', 'create', 'acme']).code, 1);
  done(['tenant', 'create', 'gone']);
  assert.equal(meniscus(['tenant', 'delete', 'gone']).code, 2);
  done(['tenant', 'delete', 'gone', '--yes']);
  assert.equal(meniscus(['tenant', 'show', 'gone']).code, 1);

  const token = done(['token', 'show', 'acme', '--quiet']).trim();
  assert.equal(meniscus(['token', 'rotate', 'acme']).code, 1);
  const fresh = done(['token', 'rotate', 'acme', '--invalidate-now', '--quiet']).trim();
  assert.notEqual(fresh, token);
  assert.equal(meniscus(['send'], { stdin: 'x\n', env: { MENISCUS_TOKEN: token } }).code, 1);
  done(['send'], { stdin: 'with the new token\n', env: { MENISCUS_TOKEN: fresh, MENISCUS_DATA_DIR: '', MENISCUS_URL: service.run.http } });

  assert.match(done(['producer', 'add', 'apache', '--sinks', 'store']), /apache +apache +false/);
  assert.match(done(['producer', 'set', 'apache', '--durable', '--name', 'httpd']), /httpd +apache +true/);
  assert.match(done(['producer', 'list']), /httpd/);
  done(['producer', 'remove', 'httpd']);
  assert.equal(meniscus(['producer', 'remove', 'httpd']).code, 1);

  const reader = done(['key', 'create', 'grafana', '--expires', '90d']).trim();
  const { keys } = json<{ keys: { id: string; name: string; expires_at: string }[] }>(['key', 'list']);
  assert.equal(keys[0]!.name, 'grafana');
  const asReader = { MENISCUS_DATA_DIR: '', MENISCUS_URL: service.run.http, MENISCUS_API_KEY: reader };
  assert.equal(done(['count', 'level:error'], { env: asReader }), '30\n');
  assert.equal(meniscus(['usage'], { env: asReader }).code, 1);
  done(['key', 'revoke', keys[0]!.id]);
  assert.equal(meniscus(['count'], { env: asReader }).code, 1);
  assert.match(done(['key', 'list', '--operator']), /admin/);
});

test('dead letters are listed, shown, sent again and dropped', () => {
  const { code, stdout, stderr } = meniscus(['send', '--format', 'json'], { stdin: '{"msg":"good"}\n[1]\n12\n' });
  assert.equal(code, 1);
  assert.equal(stdout, '1 event accepted, 2 rejected\n');
  assert.match(stderr, /standard input:2: .*\n.*standard input:3: /);
  const { dead_letters: letters } = json<{ dead_letters: { id: string; raw: string }[] }>(['dead-letters', 'list']);
  assert.equal(letters.length, 2);
  const array = letters.find(({ raw }) => raw === '[1]')!.id;
  assert.match(done(['dead-letters', 'show', array]), /^raw +\[1\]$/m);
  assert.match(done(['doctor', '127.0.0.1']), /event_not_object/);
  assert.match(done(['dead-letters', 'redrive', array]), /^Sent 1 /);
  assert.match(done(['dead-letters', 'drop', '--all', '--yes']), /^Deleted 2 /);
  done(['dead-letters', 'list', '--operator']);
});

test('usage, status, pipeline and doctor', () => {
  assert.match(done(['usage', '--by', 'day']), /^total +\d+/m);
  assert.match(done(['status']), /is ready/);
  assert.match(done(['pipeline']), /^store +store/m);
  const { findings } = json<{ findings: { check: string; level: string }[] }>(['doctor']);
  for (const check of ['data_dir', 'admin_key', 'disk', 'reachable', 'clock', 'ready', 'version', 'port', 'queue', 'sink']) {
    assert.notEqual(findings.find((finding) => finding.check === check)?.level ?? 'none', 'none', check);
  }
  assert.ok(!findings.some(({ level }) => level === 'problem'), JSON.stringify(findings));
});

test('login keeps a profile that later commands use', () => {
  const login = meniscus(['login'], { stdin: `${service.adminKey}\n`, env: { MENISCUS_DATA_DIR: '', MENISCUS_URL: service.run.http } });
  assert.equal(login.code, 0, login.stderr);
  assert.equal(statSync(path.join(directory, 'config/meniscus/profiles.json')).mode & 0o777, 0o600);
  assert.equal(done(['count', 'level:error'], { env: { MENISCUS_DATA_DIR: '' } }), '30\n');
  assert.match(done(['login', 'list']), /\* +default/);
  done(['login', 'remove', 'default']);
  rmSync(path.join(directory, 'config'), { recursive: true });
});

test('config show and check', () => {
  assert.match(done(['config', 'show', '--http-port', '0']), /^http_port +0 +--http-port$/m);
  assert.match(done(['config', 'check']), /valid/);
  const file = path.join(directory, 'bad.yaml');
  writeFileSync(file, 'http_prot: 1\n');
  const { code, stderr } = meniscus(['config', 'check', '--config', file]);
  assert.equal(code, 1);
  assert.match(stderr, /http_prot/);
});

test('completion', () => {
  for (const shell of ['bash', 'zsh', 'fish']) assert.match(done(['completion', shell]), /dead-letters/);
  assert.equal(meniscus(['completion', 'csh']).code, 2);
});

test('rulebase: put, get, list, test and remove', () => {
  const text = 'version=2\nrule=login:%user:word% logged in\n';
  assert.equal(done(['rulebase', 'put', 'my rules', '-'], { stdin: text }), 'Saved rulebase "my rules".\n');
  assert.equal(done(['rulebase', 'get', 'my rules']), text);
  assert.match(done(['rulebase', 'list']), /^my rules +false[^]*^sshd +true/m);
  const fields = { user: 'alice', 'event.tags': ['login'] };
  assert.deepEqual(JSON.parse(done(['rulebase', 'test', 'my rules', 'alice logged in'])), fields);
  const file = path.join(directory, 'my.rb');
  writeFileSync(file, text);
  assert.deepEqual(JSON.parse(done(['rulebase', 'test', '--file', file, 'alice logged in'])), fields);
  assert.equal(done(['rulebase', 'remove', 'my rules']), 'Removed "my rules".\n');
  assert.equal(meniscus(['rulebase', 'get', 'my rules']).code, 1);
  const bad = meniscus(['rulebase', 'put', 'bad', '-'], { stdin: 'version=2\nrule=:%a:wrod%\n' });
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /invalid field type 'wrod'/);
});

test('tail shows what comes, also what came since a time', async (t) => {
  const child = spawn(process.execPath, [bin, 'tail', '--since', '-1h', '-n', '2', 'tailed'], { env: environment(), cwd: directory });
  t.after(() => void child.kill('SIGKILL'));
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  done(['send'], { stdin: 'tailed one\n' });
  await until('the first event', () => shown.includes('tailed one'));
  done(['send'], { stdin: 'tailed two\n' });
  await once(child, 'exit');
  assert.equal(child.exitCode, 0);
  assert.match(shown, /tailed one\n.*tailed two\n$/);
});

test('tail goes on behind the last event after a restart of the service', async (t) => {
  const other = path.join(directory, 'restarted');
  const first = await startProcess(cleanup, { dataDir: other });
  const env = { MENISCUS_DATA_DIR: other };
  done(['tenant', 'create', 'acme'], { env });
  const child = spawn(process.execPath, [bin, 'tail', '-n', '3', '--output', 'ndjson'], { env: environment(env), cwd: directory });
  t.after(() => void child.kill('SIGKILL'));
  let shown = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const client = new Client(first);
  await until('the tail', async () => (await client.call<{ searches: unknown[] }>('/v1/tenant/acme/searches')).body.searches.length === 1);
  done(['send'], { stdin: 'one\n', env });
  await until('the first event', () => shown.includes('"one"'));
  await first.end('SIGKILL');
  const exited = once(child, 'exit');
  await startProcess(cleanup, { dataDir: other });
  done(['send'], { stdin: 'two\nthree\n', env });
  await exited;
  assert.equal(child.exitCode, 0, said);
  const messages = shown
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg);
  assert.deepEqual(messages, ['one', 'two', 'three']);
  assert.match(said, /connected again/);
});

/** Ends a service that `meniscus start` began. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}

test('an older Node hands over to the packaged one', () => {
  const older = 'data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.0.0" } })';
  const run = spawnSync(process.execPath, ['--import', older, bin, '--version'], { encoding: 'utf8', env: environment() });
  assert.equal(run.stderr, '');
  assert.match(run.stdout, /^\d+\.\d+\.\d+\n$/);
});

test('start runs the service in this process and ends well; store and key recover work on the stopped one', async (t) => {
  const other = path.join(directory, 'other');
  const env = environment({ MENISCUS_DATA_DIR: other });
  const begin = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [bin, 'start', '--http-port', '0', '--syslog-port', '0', '--log-level', 'error'], {
      env,
      cwd: directory,
      stdio: 'ignore',
    });
    t.after(() => void child.kill('SIGKILL'));
    await until('run.json', () => {
      try {
        return (JSON.parse(readFileSync(path.join(other, 'run.json'), 'utf8')) as RunFile).pid === child.pid;
      } catch {
        return false;
      }
    });
    return child;
  };
  const first = await begin();
  done(['tenant', 'create', 'acme'], { env });
  done(['send'], { stdin: 'kept\n', env });
  assert.equal(meniscus(['store', 'repair'], { env }).code, 1);
  assert.equal(meniscus(['key', 'recover'], { env }).code, 1);
  done(['store', 'stats'], { env });
  assert.equal(await end(first, 'SIGTERM'), 0);

  assert.match(done(['store', 'check'], { env }), /1 event in .*: all sound/);
  assert.match(done(['store', 'repair'], { env }), /sound/);
  assert.match(done(['store', 'stats'], { env }), /1 event /);
  rmSync(path.join(other, 'admin.key'));
  done(['key', 'recover'], { env });
  const away = meniscus(['count'], { env });
  assert.equal(away.code, 1);
  assert.match(away.stderr, /no service runs on the data directory/);

  const second = await begin();
  assert.equal(done(['count'], { env }), '1\n');
  assert.equal(await end(second, 'SIGINT'), 0);
});
