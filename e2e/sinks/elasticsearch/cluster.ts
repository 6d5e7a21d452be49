import { randomBytes } from 'node:crypto';
import { onEnd, temporaryDirectory, type Cleanup } from '@meniscus/testkit';
import { withDefaults } from '../../../packages/server/src/sinks/default-settings.testing.ts';
import { elasticsearchKind, type ElasticsearchSettings } from '../../../packages/server/src/sinks/elasticsearch/kind.ts';
import { createWriter } from '../../../packages/server/src/sinks/elasticsearch/writer.ts';
import type { SinkWriter } from '../../../packages/server/src/sinks/writer.ts';
import { running } from '../../support/sinks.ts';

/** The settings of a sink with their defaults; no replicas, as there is one node, and a prefix of its own. */
export function settingsFor(url: string | readonly string[], given: Partial<ElasticsearchSettings> = {}): ElasticsearchSettings {
  const own = { url: [url].flat(), replicas: 0, prefix: `t${randomBytes(6).toString('hex')}` };
  return withDefaults(elasticsearchKind, { ...own, ...given });
}

export interface TestWriter extends SinkWriter {
  readonly prefix: string;
  readonly warnings: string[];
}

/** A writer that is closed with the test. Not yet open. */
export function writerFor(t: Cleanup, settings: ElasticsearchSettings, timeoutMs = 30_000): TestWriter {
  const warnings: string[] = [];
  const context = { name: 'es', timeoutMs, stateDirectory: temporaryDirectory(t), warn: (text: string) => void warnings.push(text) };
  const writer = Object.assign(createWriter(settings, context), { prefix: settings.prefix, warnings });
  onEnd(t, async () => writer.close());
  return writer;
}

/** An open writer. */
export async function opened(
  t: Cleanup,
  url: string | readonly string[],
  given: Partial<ElasticsearchSettings> = {},
  timeoutMs?: number,
): Promise<TestWriter> {
  const writer = writerFor(t, settingsFor(url, given), timeoutMs);
  await writer.open(running);
  return writer;
}

/** Asks a cluster directly. */
export async function ask(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const text = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(url + path, { method, ...text, signal: AbortSignal.timeout(60_000) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export interface Hit {
  readonly _id: string;
  readonly _index: string;
  readonly _source: Record<string, unknown>;
}

/** What a query finds in an index or alias after a refresh; at most 10,000. */
export async function find(url: string, index: string, query: object = { match_all: {} }): Promise<Hit[]> {
  await ask(url, 'POST', `/${encodeURIComponent(index)}/_refresh`);
  const { status, body } = await ask(url, 'POST', `/${encodeURIComponent(index)}/_search`, { size: 10_000, query });
  if (status === 404) return [];
  if (status !== 200) throw new Error(JSON.stringify(body));
  return (body['hits'] as { hits: Hit[] }).hits;
}

/** Names of the indexes of an alias. */
export async function indexesOf(url: string, alias: string): Promise<string[]> {
  const { status, body } = await ask(url, 'GET', `/_alias/${encodeURIComponent(alias)}`);
  return status === 404 ? [] : Object.keys(body).sort();
}
