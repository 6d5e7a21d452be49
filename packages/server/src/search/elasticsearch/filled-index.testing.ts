import { Batch } from '../../event/batch.ts';
import { ShapeCache } from '../../event/shape.ts';
import { QueueEvents } from '../../sinks/document/queue-events.ts';
import { RenderedBatch } from '../../sinks/document/rendered-batch.ts';
import { MappedNames } from '../../sinks/elasticsearch/fields/mapped-names.ts';
import { SearchObjects } from '../../sinks/elasticsearch/fields/search-object.ts';
import { elasticsearchKind, type ElasticsearchSettings } from '../../sinks/elasticsearch/kind.ts';
import { indexTemplate } from '../../sinks/elasticsearch/template.ts';
import { tenantName } from '../../sinks/tenant-name.ts';
import type { SinkTenant } from '../../sinks/writer.ts';
import { makeBatch, type TestEvent } from '../store/memory-store.testing.ts';

/** Settings of a sink for tests. */
export function sinkSettings(url: string, prefix: string): ElasticsearchSettings {
  const defaults = Object.fromEntries(
    Object.entries(elasticsearchKind.settings).flatMap(([name, setting]) => ('default' in setting ? [[name, setting.default]] : [])),
  );
  return { ...defaults, url: [url], prefix, replicas: 0 } as unknown as ElasticsearchSettings;
}

async function call(url: string, method: string, path: string, body: string): Promise<void> {
  const type = path.startsWith('/_bulk') ? 'application/x-ndjson' : 'application/json';
  const response = await fetch(url + path, { method, body, headers: { 'content-type': type } });
  const text = await response.text();
  if (!response.ok || /"errors":true/.test(text)) throw new Error(`${path}: ${response.status} ${text.slice(0, 2_000)}`);
}

/** Writes events of one tenant as the sink does, at queue positions from `position` on. */
export async function fillIndex(
  settings: ElasticsearchSettings,
  tenant: SinkTenant,
  events: readonly TestEvent[],
  position = 1_000,
): Promise<void> {
  const [url] = settings.url;
  const { prefix } = settings;
  const template = indexTemplate({ prefix, shards: 1, replicas: 0, refreshInterval: '1s', mappedFieldsMax: 0 });
  await call(url!, 'PUT', `/_index_template/${prefix}`, JSON.stringify(template));
  const rendered = new RenderedBatch({ shard: 0, position, batch: new Batch(makeBatch(events)) }, 0, new ShapeCache(), () => tenant);
  const batch = QueueEvents.of([{ rendered, rows: events.map((_, row) => row), tenantOf: () => tenant }]);
  const objects = new SearchObjects();
  const alias = `${prefix}-${tenantName(tenant.id)}`;
  const indexes = new Set<string>();
  let lines = '';
  for (let row = 0; row < batch.rows; row++) {
    const index = `${alias}-${batch.day(row).replaceAll('-', '.')}`;
    indexes.add(index);
    const document = batch.document(row);
    lines += `{"create":{"_index":"${index}","_id":"${batch.id(row)}"}}\n`;
    lines += `${document.slice(0, -1)},"search":${objects.json(batch, row, document, new MappedNames(0))}}\n`;
  }
  for (const index of indexes) await call(url!, 'PUT', `/${index}`, JSON.stringify({ aliases: { [alias]: {} } }));
  await call(url!, 'POST', '/_bulk?refresh=true', lines);
}
