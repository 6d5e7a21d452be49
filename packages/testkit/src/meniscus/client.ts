import type { MeniscusProcess } from './process.ts';

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else the text; null when empty. */
  readonly body: T;
}

export interface CallOptions {
  readonly method?: string;
  readonly key?: string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON, text and bytes as they are. */
  readonly body?: unknown;
}

export interface TestTenant {
  readonly id: string;
  readonly token: string;
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Calls the HTTP API of a service under test as its operator, or with what a call gives. */
export class Client {
  readonly url: string;
  readonly adminKey: string;

  constructor(service: Pick<MeniscusProcess, 'run' | 'adminKey'>) {
    this.url = service.run.http;
    this.adminKey = service.adminKey;
  }

  async call<T = Record<string, unknown>>(path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const headers: Record<string, string> = {};
    if (options.token !== undefined) headers['message-token'] = options.token;
    else headers['authorization'] = `Bearer ${options.key ?? this.adminKey}`;
    const raw = typeof options.body === 'string' || options.body instanceof Uint8Array;
    if (options.body !== undefined && !raw) headers['content-type'] = 'application/json';
    Object.assign(headers, options.headers);
    const body =
      options.body === undefined ? {} : { body: raw ? (options.body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(options.body) };
    const response = await fetch(this.url + path, {
      method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
      headers,
      ...body,
    });
    return { status: response.status, headers: response.headers, body: parsed(await response.text()) as T };
  }

  /** Path of a tenant's resource. */
  path(tenant: string, rest = ''): string {
    return `/v1/tenant/${encodeURIComponent(tenant)}${rest}`;
  }

  async createTenant(id: string): Promise<TestTenant> {
    const created = await this.call('/v1/tenant', { body: { tenant: { tenant_id: id } } });
    if (created.status !== 201) throw new Error(`cannot create the tenant: ${created.status} ${JSON.stringify(created.body)}`);
    const { body } = await this.call<{ tenant: { token: { valid: string } } }>(this.path(id));
    return { id, token: body.tenant.token.valid };
  }

  async publish(tenant: TestTenant, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call(this.path(tenant.id, '/publish'), { body, token: tenant.token, headers, method: 'POST' });
  }

  /** The events that match, oldest first, all time unless `parameters` say otherwise. */
  async events(tenant: string, q = '', parameters: Record<string, string> = {}): Promise<Record<string, unknown>[]> {
    const query = new URLSearchParams({ q, from: '0', limit: '10000', order: 'asc', ...parameters });
    const { status, body } = await this.call<{ events: Record<string, unknown>[] }>(this.path(tenant, `/events?${query}`));
    if (status !== 200) throw new Error(`search failed: ${status} ${JSON.stringify(body)}`);
    return body.events;
  }

  async count(tenant: string, q = '', parameters: Record<string, string> = {}): Promise<number> {
    const query = new URLSearchParams({ q, from: '0', ...parameters });
    const { status, body } = await this.call<{ count: number }>(this.path(tenant, `/count?${query}`));
    if (status !== 200) throw new Error(`count failed: ${status} ${JSON.stringify(body)}`);
    return body.count;
  }
}
