import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { lacks } from '@meniscus/testkit';
import { credentials, execute, found, setUp } from '../support/service.ts';

/** util-linux logger in each of its network forms. */
async function send(t: TestContext, form: readonly string[], text: string) {
  const { client, tenant, port } = await setUp(t);
  const sd = ['--sd-id', 'meniscus@32473', '--sd-param', `tenant="${tenant.id}"`, '--sd-param', `token="${tenant.token}"`];
  const base = ['--server', '127.0.0.1', '--port', port, '--tag', 'e2e', '--priority', 'local0.err', ...form];
  await execute('logger', form.includes('--rfc3164') ? [...base, `${credentials(tenant)} ${text}`] : [...base, ...sd, text]);
  return found(client, tenant, `"${text}"`);
}

for (const [name, form] of [
  ['RFC 5424 over UDP', ['--udp', '--rfc5424']],
  ['RFC 5424 over TCP', ['--tcp', '--rfc5424']],
  ['RFC 5424 over TCP with octet counting', ['--tcp', '--rfc5424', '--octet-count']],
  ['RFC 3164 over UDP', ['--udp', '--rfc3164']],
  ['RFC 3164 over TCP', ['--tcp', '--rfc3164']],
] as const)
  test(`logger: ${name}`, async (t) => {
    const without = await lacks('logger');
    if (without !== undefined) return t.skip(without);
    const event = await send(t, form, `hello from logger ${form.length}`);
    assert.equal(event['msg'], `hello from logger ${form.length}`);
    assert.equal(event['pname'], 'e2e');
    assert.deepEqual([event['facility'], event['severity'], event['level']], [16, 3, 'error']);
    return undefined;
  });
