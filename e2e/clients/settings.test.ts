import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { freePort, missing, repository, sendTcp, temporaryDirectory } from '@meniscus/testkit';
import { accepts, startDaemon } from '../support/daemon.ts';
import { providePrograms } from '../support/programs.ts';
import { execute, found, setUp } from '../support/service.ts';

const CLI = path.join(repository, 'packages/cli/bin/meniscus.js');
/** Its quotes, backslash, bracket, dollar, per cent and hash mean something to each shell and configuration. */
const ODD = String.raw`it's "odd" \ ] $HOME %msg% # größe`;

/** A tenant made by the command line, and what it printed: the text under each comment, by the comment's first word. */
async function created(t: TestContext, id: string) {
  const setup = await setUp(t);
  const { stdout } = await execute(process.execPath, [CLI, 'tenant', 'create', id, '--data-dir', setup.service.dataDir]);
  const sections = new Map<string, string>();
  for (const part of stdout.split(/^# /m).slice(1)) {
    const [title = '', ...lines] = part.split('\n');
    sections.set(/^[\w-]+/.exec(title)![0], lines.join('\n'));
  }
  const { body } = await setup.client.call<{ tenant: { token: { valid: string } } }>(setup.client.path(id));
  return { ...setup, sections, tenant: { id, token: body.tenant.token.valid } };
}

async function programs(t: TestContext, names: readonly string[]): Promise<NodeJS.ProcessEnv | string> {
  const bin = path.join(temporaryDirectory(t), 'bin');
  const lacking = await providePrograms(t, bin, names).catch((error: unknown) => missing(names.join(', '), error));
  return typeof lacking === 'string' ? lacking : { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
}

for (const id of ['shop', ODD]) {
  for (const program of ['curl', 'logger'])
    test(`what \`tenant create\` prints for ${program} works when pasted: ${id}`, async (t) => {
      const env = await programs(t, [program]);
      if (typeof env === 'string') return t.skip(env);
      const { client, tenant, sections } = await created(t, id);
      await execute('bash', ['-c', sections.get(program)!], { env });
      const event = await found(client, tenant, `"hello from ${program}"`);
      assert.equal(event['pname'], 'checkout');
      assert.ok(!JSON.stringify(event).includes('parse_error'), JSON.stringify(event));
      return undefined;
    });

  test(`what \`tenant create\` prints for rsyslog works when pasted: ${id}`, async (t) => {
    const env = await programs(t, ['rsyslog']);
    if (typeof env === 'string') return t.skip(env);
    const { client, tenant, sections } = await created(t, id);
    const directory = temporaryDirectory(t);
    const port = await freePort();
    const file = path.join(directory, 'rsyslog.conf');
    const before = `global(workDirectory="${directory}")\nmodule(load="imtcp")\ninput(type="imtcp" address="127.0.0.1" port="${port}")\n`;
    writeFileSync(file, before + sections.get('rsyslog')!);
    const daemon = startDaemon(t, 'rsyslogd', ['-n', '-f', file, '-i', path.join(directory, 'pid')], env);
    await accepts(port, daemon);
    await sendTcp(`127.0.0.1:${port}`, '<38>Nov 24 10:00:00 web-01 sshd[4242]: pasted into rsyslog\n');
    const event = await found(client, tenant, '"pasted into rsyslog"');
    assert.deepEqual([event['host'], event['pname'], event['pid'], event['msg']], ['web-01', 'sshd', '4242', 'pasted into rsyslog']);
    return undefined;
  });

  test(`what \`tenant create\` prints for syslog-ng works when pasted: ${id}`, async (t) => {
    const env = await programs(t, ['syslog-ng']);
    if (typeof env === 'string') return t.skip(env);
    const { client, tenant, sections } = await created(t, id);
    const directory = temporaryDirectory(t);
    const port = await freePort();
    const file = path.join(directory, 'syslog-ng.conf');
    const before = `@version: 3.38\noptions { keep-hostname(yes); };\nsource s_src { network(transport("tcp") ip(127.0.0.1) port(${port})); };\n`;
    writeFileSync(file, before + sections.get('syslog-ng')!);
    const [persist, control, pid] = ['persist', 'ctl', 'pid'].map((name) => path.join(directory, name));
    const daemon = startDaemon(t, 'syslog-ng', ['-F', '-f', file, '-R', persist!, '-c', control!, '-p', pid!], env);
    await accepts(port, daemon);
    await sendTcp(`127.0.0.1:${port}`, '<38>Nov 24 10:00:00 web-01 sshd[4242]: pasted into syslog-ng\n');
    const event = await found(client, tenant, '"pasted into syslog-ng"');
    assert.deepEqual([event['host'], event['pname'], event['pid'], event['msg']], ['web-01', 'sshd', '4242', 'pasted into syslog-ng']);
    return undefined;
  });
}
