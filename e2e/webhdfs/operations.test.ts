/** The WebHDFS client against a real name node with two DataNodes, and against a real HttpFS before it. */
import { hdfs as startHdfs, httpFs, lacksServer } from '@meniscus/testkit';
import { WebHdfs } from '@meniscus/webhdfs';
import { test, type TestContext } from 'node:test';
import { attributes } from './suites/attributes.ts';
import { files } from './suites/files.ts';
import { readme } from './suites/readme.ts';
import { streams } from './suites/streams.ts';
import type { Target } from './suites/target.ts';

const PROPERTIES = {
  // Small listings, so that there are several parts.
  'dfs.ls.limit': '4',
  // Without Kerberos a name node only gives tokens when it is told to.
  'dfs.namenode.delegation.token.always-use': 'true',
  // Nine DataNodes would be needed for what the policy wants; the name node must not mind.
  'dfs.namenode.ec.system.default.policy': 'RS-6-3-1024k',
};

async function against(t: TestContext, kind: Target['kind'], url: string, superuser: string): Promise<void> {
  using hdfs = new WebHdfs({ url, user: superuser });
  using other = new WebHdfs({ url, user: 'other' });
  const directory = `/${kind}`;
  await hdfs.mkdirs(directory);
  const target: Target = { kind, url, superuser, hdfs, other, directory };
  await t.test('files and directories', (t) => files(t, target));
  await t.test('attributes', (t) => attributes(t, target));
  await t.test('streams', (t) => streams(t, target));
  if (kind === 'webhdfs') await t.test('the README', (t) => readme(t, target));
}

test('the WebHDFS client', { skip: await lacksServer('hdfs', 'httpfs') }, async (t) => {
  const server = await startHdfs(t, { dataNodes: 2, properties: PROPERTIES });
  const gateway = await httpFs(t, server);
  await t.test('name node and DataNodes', (t) => against(t, 'webhdfs', server.url, server.user));
  await t.test('HttpFS', (t) => against(t, 'httpfs', gateway.url, server.user));
});
