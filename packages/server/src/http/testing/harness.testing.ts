import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Config } from '../../config/config.ts';
import { startControl } from '../../control/control.testing.ts';
import type { DeadLetter } from '../../dead-letters/dead-letters.ts';
import { MeniscusError } from '../../errors.ts';
import type { PublishRequest, PublishResult } from '../../pipeline/ingest.ts';
import { RulebaseFeed } from '../../pipeline/normalize/rulebase-feed.ts';
import { readShipped } from '../../pipeline/normalize/shipped.ts';
import type { ExportRequest, SearchRequest } from '../../search/search.ts';
import { buildApp } from '../app.ts';
import type { App } from '../app-types.ts';
import { createRulebases } from '../rulebases/rulebases.ts';
import { createSavedSearches } from '../saved-searches.ts';
import type { Services } from '../services.ts';

/** The routes over the real control, and over ingest and search in memory: what reached them, and what they are to answer. */
export interface Harness {
  readonly app: App;
  readonly services: Services;
  readonly url: string;
  readonly admin: string;
  readonly logged: string[];
  readonly published: PublishRequest[];
  readonly searched: (SearchRequest | ExportRequest)[];
  publish: (request: PublishRequest) => Promise<PublishResult>;
  search: (request: SearchRequest, signal: AbortSignal) => Promise<string>;
  export: (request: ExportRequest, signal: AbortSignal) => AsyncIterable<Uint8Array>;
  unready: string[];
  deadLetters: DeadLetter[];
  /** Sends JSON as the operator, or with another key; `null` sends none. */
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Response>;
  /** A key of a tenant. */
  readonly key: (tenant: string, role: 'tenant_admin' | 'reader') => Promise<string>;
}

export interface CallOptions {
  readonly key?: string | null;
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream;
  readonly headers?: Readonly<Record<string, string>>;
}

const config: Config = {
  data_dir: '/tmp',
  backup_dir: '/tmp/backups',
  listen: '127.0.0.1',
  http_port: 0,
  syslog_port: 0,
  sources: [],
  sinks: [],
  search: { backend: 'store' },
  api_auth: 'on',
  metrics_auth: 'on',
  create_tenant_on_get: false,
  token_reset_minimum: 10_800_000,
  default_sinks: ['store'],
  log_level: 'info',
  ingest_threads: 1,
  query_threads: 1,
  queue_max_bytes: 1 << 30,
  disk_reserve_bytes: 0,
  syslog_message_max_bytes: 65_536,
  search_deadline: 30_000,
  compression_level: 3,
};

/** Starts the application on a free port; it is closed with the test. */
export async function startHarness(t: TestContext, changes: Partial<Config> = {}): Promise<Harness> {
  const fixture = await startControl(t);
  fixture.now = Date.now();
  const { control, store } = fixture;
  const admin = (await control.keys.create(null, { name: 'admin', role: 'admin' })).key;
  const logged: string[] = [];
  const published: PublishRequest[] = [];
  const searched: (SearchRequest | ExportRequest)[] = [];
  const services: Services = {
    config: { ...config, ...changes },
    control,
    version: '0.0.0',
    unready: async () => harness.unready,
    telemetry: { log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }), registry: new Registry() },
    ingest: {
      listeners: [],
      unready: null,
      publish: (request) => {
        published.push(request);
        return harness.publish(request);
      },
      stats: async () => [],
      unparsed: async () => ({ matched: 0, unparsed: 0, limited: 0, skipped: 0, samples: [] }),
    },
    search: {
      search: (request, signal) => {
        searched.push(request);
        return harness.search(request, signal);
      },
      export: (request, signal) => {
        searched.push(request);
        return harness.export(request, signal);
      },
      close: async () => {},
    },
    // A tail of nothing: it ends as soon as it has begun.
    tail: {
      tails: 0,
      tail: (_request, subscriber) => {
        const begin = setImmediate(() => {
          subscriber.started('019a0b5e-1f2a-7000-8000-000000000000');
          subscriber.ended(new MeniscusError('shutting_down'));
        });
        return () => clearImmediate(begin);
      },
    },
    usage: {
      add: () => {},
      list: () => [{ hour: '2026-11-23T10:00:00.000Z', events_in: 5, bytes_in: 50, stored: 4, rejected: 1 }],
      drop: async () => {},
      close: async () => {},
    },
    deadLetters: {
      add: async () => {},
      list: (_tenant, { reason }) => ({
        deadLetters: harness.deadLetters.filter((letter) => reason === undefined || letter.reason === reason),
        next: null,
      }),
      get: (_tenant, id) => harness.deadLetters.find((letter) => letter.id === id),
      delete: async () => harness.deadLetters.splice(0).length,
      drop: async () => {},
      stats: () => ({ kept: harness.deadLetters.length, dropped: 0 }),
      close: async () => {},
    },
    savedSearches: createSavedSearches(store),
    rulebases: createRulebases(store, new RulebaseFeed(store, readShipped(), () => assert.fail())),
    backup: async (directory) => ({ directory, created_at: '2026-11-23T10:00:00.000Z', files: 1, bytes: 1, elapsed_ms: 1 }),
    reload: async () => ({ sinks: { added: [], changed: [], removed: [] }, needsRestart: [] }),
    redrive: async (_tenant, letters) => letters.length,
  };
  const app = buildApp(services);
  t.after(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  const harness: Harness = {
    app,
    services,
    url,
    admin,
    logged,
    published,
    searched,
    publish: async () => ({ accepted: 1, rejected: 0, errors: [], logMessage: false }),
    search: async () => '{"count":1}',
    // eslint-disable-next-line require-yield
    async *export() {
      throw new MeniscusError('unavailable');
    },
    unready: [],
    deadLetters: [],
    key: async (tenant, role) => (await control.keys.create(tenant, { name: role, role })).key,
    call: (method, path, { key = admin, json, body, headers = {} } = {}) =>
      fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json === undefined ? (body === undefined ? {} : { body }) : { body: JSON.stringify(json) }),
      }),
  };
  return harness;
}

/** Asserts nothing: the status and code of a problem, to compare. */
export async function problemIn(
  response: Response,
): Promise<{ status: number; code: string; detail?: string; title: string; [key: string]: unknown }> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) throw new Error(`${response.status} ${type}: ${await response.text()}`);
  return (await response.json()) as { status: number; code: string; title: string };
}
