import assert from 'node:assert/strict';
import type { Client, TestTenant } from '@meniscus/testkit';

/** The numbers of all events "numbered N" and "streamed N" of a tenant, as its export gives them: each as often as it is there. */
export async function exportedNumbers(client: Client, tenant: TestTenant): Promise<number[]> {
  const response = await fetch(`${client.url}${client.path(tenant.id, '/export?format=raw&from=0')}`, {
    headers: { authorization: `Bearer ${client.adminKey}` },
  });
  assert.equal(response.status, 200);
  const text = await response.text();
  return Array.from(text.matchAll(/^(?:numbered|streamed) (\d+)/gm), (match) => Number(match[1]));
}
