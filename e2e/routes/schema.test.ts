import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { missing, temporaryDirectory } from '@meniscus/testkit';
import { pythonPrograms } from '../support/python.ts';
import { execute, setUp } from '../support/service.ts';

const VERSION = '4.32.5';
/** Streams until its client goes: its parameters are tested beside the route. */
const TAIL = '/tail$';
const CHECKS = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance';

const install = pythonPrograms('schemathesis', VERSION);
install.catch(() => {});

interface Failed {
  readonly stdout: string;
  readonly stderr: string;
}

const HOOKS = `hooks = ${JSON.stringify(path.join(import.meta.dirname, 'schemathesis_hooks.py'))}\n`;

for (const [name, configuration, examples, spared] of [
  // Requests get past "no such tenant"; the tenant and its token must stay, and in both the key that all requests are made with: it finds ids in answers.
  [
    'one tenant',
    '[parameters]\n"path.tenant_id" = "acme"\n',
    '60',
    ['deleteKeysByKeyId', 'deleteTenantByTenantId', 'postTenantByTenantIdToken'],
  ],
  ['made-up tenants', '', '15', ['deleteKeysByKeyId']],
] as const)
  test(`requests made from the OpenAPI document, ${name}: no 5xx, no undocumented answer`, async (t) => {
    const programs = await install.catch((error: unknown) => missing('schemathesis', error));
    if (!path.isAbsolute(programs)) return t.skip(programs);
    const { client, tenant } = await setUp(t);
    await client.publish(tenant, [{ msg: 'hello', host: 'web-01', status: 200 }, 17]);
    const cwd = temporaryDirectory(t);
    writeFileSync(path.join(cwd, 'schemathesis.toml'), HOOKS + configuration);
    const args = [
      '--no-color',
      'run',
      `${client.url}/openapi.json`,
      '--workers',
      '2',
      '--seed',
      '1',
      '--continue-on-failure',
      '--warnings',
      'off',
      '--checks',
      CHECKS,
      '--phases',
      'examples,coverage,fuzzing',
      '--max-examples',
      examples,
      '--request-timeout',
      '30',
      '--exclude-path-regex',
      TAIL,
      ...spared.flatMap((id) => ['--exclude-operation-id', id]),
      '--header',
      `Authorization: Bearer ${client.adminKey}`,
      '--header',
      `MESSAGE-TOKEN: ${tenant.token}`,
    ];
    const run = execute(path.join(programs, 'schemathesis'), args, { cwd, maxBuffer: 64 << 20, timeout: 500_000 });
    await run.catch(({ stdout, stderr }: Failed) => assert.fail(`${stdout}\n${stderr}`));
    await client.publish(await client.createTenant('after all'), { msg: 'still here' });
    assert.equal(await client.count('after all', 'still'), 1);
    return undefined;
  });
