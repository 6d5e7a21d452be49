import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Batch } from '../../event/batch.ts';
import { ShapeCache } from '../../event/shape.ts';
import { withDefaults } from '../../sinks/default-settings.testing.ts';
import { QueueEvents } from '../../sinks/document/queue-events.ts';
import { RenderedBatch } from '../../sinks/document/rendered-batch.ts';
import { aliasOf } from '../../sinks/elasticsearch/index-names.ts';
import { elasticsearchKind, type ElasticsearchSettings } from '../../sinks/elasticsearch/kind.ts';
import { createWriter } from '../../sinks/elasticsearch/writer.ts';
import type { SinkTenant } from '../../sinks/writer.ts';
import { makeBatch, TENANT, type TestEvent } from '../store/memory-store.testing.ts';

/** The tenant of the store's test events. */
export const ACME: SinkTenant = { number: TENANT, id: 'acme', name: 'Acme', retentionDays: 90 };

/** Settings of a sink for tests, with a prefix of their own: no replicas, as there is one node. */
export function sinkSettings(url: string, prefix: string): ElasticsearchSettings {
  return withDefaults(elasticsearchKind, { url: [url], prefix, replicas: 0, shards: 3 });
}

/** Has the sink's writer write events of one tenant, at queue positions from `position` on; searches see them when it resolves. */
export async function fillIndex(
  settings: ElasticsearchSettings,
  events: readonly TestEvent[],
  tenant: SinkTenant = ACME,
  position = 1_000,
): Promise<void> {
  const stateDirectory = mkdtempSync(path.join(tmpdir(), 'meniscus-index-'));
  const writer = createWriter(settings, { name: 'test', timeoutMs: 60_000, stateDirectory, warn: () => {} });
  const { signal } = new AbortController();
  try {
    await writer.open(signal);
    const rendered = new RenderedBatch({ shard: 0, position, batch: new Batch(makeBatch(events)) }, 0, new ShapeCache(), () => tenant);
    const batch = QueueEvents.of([{ rendered, rows: events.map((_, row) => row), tenantOf: () => tenant }]);
    const { refused, again, error } = await writer.write(batch, signal);
    if (refused.length + again.length > 0) throw new Error(`not all was written: ${error ?? refused[0]?.text}`);
  } finally {
    await writer.close();
    rmSync(stateDirectory, { recursive: true, force: true });
  }
  const refreshed = await fetch(`${settings.url[0]}/${aliasOf(settings.prefix, tenant.id)}/_refresh`, { method: 'POST' });
  if (!refreshed.ok) throw new Error(`the index cannot be refreshed: ${await refreshed.text()}`);
}
