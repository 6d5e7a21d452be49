import assert from 'node:assert/strict';
import type { Client, TestTenant } from '@meniscus/testkit';

const BATCH = 10_000;

/** Publishes so many events of several fields. */
export async function fill(client: Client, tenant: TestTenant, count: number): Promise<void> {
  for (let n = 0; n < count; n += BATCH) {
    const lines = Array.from({ length: Math.min(BATCH, count - n) }, (_, i) =>
      JSON.stringify({
        msg: `request ${n + i} from user u${(n + i) % 977} took ${((n + i) * 7919) % 1000} ms`,
        host: `web-${(n + i) % 50}`,
        status: 200 + ((n + i) % 4) * 100,
        trace: ((n + i) * 2_654_435_761).toString(36),
      }),
    );
    const answer = await client.publish(tenant, lines.join('\n'), { 'content-type': 'application/x-ndjson' });
    assert.equal(answer.status, 202);
  }
}
