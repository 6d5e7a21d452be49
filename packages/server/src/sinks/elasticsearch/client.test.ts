import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@meniscus/testkit';
import { parseSinks } from '../../config/sinks.ts';
import { Faults } from '../../config/faults.ts';
import { ClusterClient } from './client.ts';
import type { ElasticsearchSettings } from './kind.ts';

test('a refusal that quotes the credentials is told without them', async (t) => {
  const server = createServer((request, response) => response.writeHead(401).end(`no: ${request.headers.authorization}`));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const file = path.join(temporaryDirectory(t), 'password');
  writeFileSync(file, 'open sesame\n');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const value = [{ type: 'elasticsearch', url, username: 'elastic', password_file: file }];
  const [sink] = parseSinks({ value, where: () => '', faults: new Faults(), cwd: '/', env: {} });
  const client = new ClusterClient(sink!.settings as ElasticsearchSettings, 5_000);
  t.after(() => client.close());
  await client.open();
  const answer = await client.call({ method: 'GET', path: '/' }, new AbortController().signal);
  assert.deepEqual(answer, { status: 401, text: 'no: Basic ***', url });
});
