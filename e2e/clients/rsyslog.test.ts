import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { freePort, missing, sendTcp, temporaryDirectory } from '@meniscus/testkit';
import { accepts, startDaemon } from '../support/daemon.ts';
import { unpackDebian } from '../support/debian.ts';
import { credentials, found, setUp } from '../support/service.ts';

const install = unpackDebian('rsyslog', ['rsyslog', 'libestr0', 'libfastjson4', 'liblognorm5']);
install.catch(() => {});

/** What the guide tells people to write. */
function configuration(directory: string, port: number, target: string, protocol: string, sd: string): string {
  const quoted = sd.replaceAll('"', '\\"');
  return `
global(workDirectory="${directory}")
module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="${port}")
template(name="Meniscus" type="string" string="<%PRI%>1 %TIMESTAMP:::date-rfc3339% %HOSTNAME% %APP-NAME% %PROCID% %MSGID% ${quoted} %msg:::drop-last-lf%\\n")
action(type="omfwd" target="127.0.0.1" port="${target}" protocol="${protocol}" template="Meniscus")
`;
}

for (const protocol of ['tcp', 'udp'])
  test(`rsyslog forwards by omfwd over ${protocol}`, async (t) => {
    const unpacked = await install.catch((error: unknown) => missing('rsyslog', error));
    if (typeof unpacked === 'string') return t.skip(unpacked);
    const { client, tenant, port } = await setUp(t);
    const directory = temporaryDirectory(t);
    mkdirSync(path.join(directory, 'spool'));
    const input = await freePort();
    const file = path.join(directory, 'rsyslog.conf');
    writeFileSync(file, configuration(directory, input, port, protocol, credentials(tenant)));
    const args = ['-n', '-f', file, '-i', path.join(directory, 'rsyslogd.pid'), '-M', path.join(unpacked.libraries, 'rsyslog')];
    const daemon = startDaemon(t, path.join(unpacked.root, 'usr/sbin/rsyslogd'), args, unpacked.environment);
    await accepts(input, daemon);
    const lines = Array.from({ length: 100 }, (_, i) => `<38>Nov 24 10:00:00 web-01 sshd[4242]: Failed password number ${i} for root\n`);
    await sendTcp(`127.0.0.1:${input}`, lines.join(''));
    const event = await found(client, tenant, '"number 99"');
    assert.deepEqual([event['host'], event['pname'], event['pid'], event['severity']], ['web-01', 'sshd', '4242', 6]);
    assert.equal(String(event['msg']).trim(), 'Failed password number 99 for root');
    assert.equal(await client.count(tenant.id, 'failed'), 100);
    return undefined;
  });
