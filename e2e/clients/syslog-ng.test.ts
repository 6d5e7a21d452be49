import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { freePort, missing, sendTcp, temporaryDirectory, until } from '@meniscus/testkit';
import { accepts, startDaemon } from '../support/daemon.ts';
import { credentials, execute, found, setUp } from '../support/service.ts';
import { loggen, unpackSyslogNg } from '../support/syslog-ng.ts';

const install = unpackSyslogNg();
install.catch(() => {});

test('syslog-ng sends RFC 5424 with octet counting and structured data', async (t) => {
  const unpacked = await install.catch((error: unknown) => missing('syslog-ng', error));
  if (typeof unpacked === 'string') return t.skip(unpacked);
  const { client, tenant, port } = await setUp(t);
  const directory = temporaryDirectory(t);
  const input = await freePort();
  const file = path.join(directory, 'syslog-ng.conf');
  writeFileSync(
    file,
    `@version: 3.38
options { keep-hostname(yes); chain-hostnames(no); use-dns(no); stats-freq(0); };
source s_in { network(transport("tcp") ip(127.0.0.1) port(${input})); };
rewrite r_meniscus { set("${tenant.id}" value(".SDATA.meniscus.tenant")); set("${tenant.token}" value(".SDATA.meniscus.token")); };
destination d_meniscus { syslog("127.0.0.1" transport("tcp") port(${port})); };
log { source(s_in); rewrite(r_meniscus); destination(d_meniscus); };
`,
  );
  const modules = path.join(unpacked.root, 'usr/lib/syslog-ng');
  const version = readdirSync(modules).find((entry) => /^\d/.test(entry))!;
  const args = [
    '-F',
    '--no-caps',
    '--module-path',
    path.join(modules, version),
    '-f',
    file,
    '-R',
    path.join(directory, 'persist'),
    '-c',
    path.join(directory, 'ctl'),
    '-p',
    path.join(directory, 'pid'),
  ];
  const daemon = startDaemon(t, path.join(unpacked.root, 'usr/sbin/syslog-ng'), args, unpacked.environment);
  await accepts(input, daemon);
  await sendTcp(`127.0.0.1:${input}`, '<11>Nov 24 10:00:00 db-01 postgres[17]: connection refused by größe\n');
  const event = await found(client, tenant, '"connection refused"');
  assert.deepEqual(
    [event['host'], event['pname'], event['pid'], event['severity'], event['msg']],
    ['db-01', 'postgres', '17', 3, 'connection refused by größe'],
  );
  return undefined;
});

test('loggen: 20,000 messages over one connection, each once', async (t) => {
  const unpacked = await install.catch((error: unknown) => missing('loggen', error));
  if (typeof unpacked === 'string') return t.skip(unpacked);
  const { client, tenant, port } = await setUp(t);
  const args = [
    '--inet',
    '--stream',
    '--syslog-proto',
    '--sdata',
    credentials(tenant),
    '--rate',
    '1000000',
    '--number',
    '20000',
    '--size',
    '300',
    '127.0.0.1',
    port,
  ];
  await execute(loggen(unpacked), args, { env: unpacked.environment });
  await until('all messages', async () => (await client.count(tenant.id)) >= 20_000);
  assert.equal(await client.count(tenant.id), 20_000);
  return undefined;
});
