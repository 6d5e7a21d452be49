import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessTable } from '../access.ts';
import { startHarness } from '../testing/harness.testing.ts';

type Content = Record<string, { example?: unknown; examples?: object }>;

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

test('every route is in the document, with unique ids, its path parameters and described answers', async (t) => {
  const { call } = await startHarness(t);
  const response = await call('GET', '/openapi.json', { key: null });
  const document = (await response.json()) as { openapi: string; paths: Record<string, Record<string, Operation>> };
  assert.equal(document.openapi, '3.1.0');
  const ids = new Set<string>();
  for (const route of Object.keys(accessTable)) {
    const [method, url] = route.split(' ') as [string, string];
    const path = url.replace(/:(\w+)/g, '{$1}');
    const operation = document.paths[path]?.[method.toLowerCase()];
    assert.ok(operation, `${route} is missing`);
    assert.ok(!ids.has(operation.operationId), operation.operationId);
    ids.add(operation.operationId);
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`);
    assert.deepEqual(inPath, path.match(/\{\w+\}/g) ?? [], route);
    for (const [status, answer] of Object.entries(operation.responses)) assert.ok(answer.description !== '', `${route} ${status}`);
  }
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { requestBody, responses }] of Object.entries(operations)) {
      for (const { content = {} } of [...Object.values(responses), ...(requestBody === undefined ? [] : [requestBody])])
        for (const { example, examples } of Object.values(content)) assert.ok(example ?? examples, `${method} ${path} has no example`);
    }
  }
  assert.equal(Object.values(document.paths).flatMap((path) => Object.keys(path)).length, Object.keys(accessTable).length);
});
