import { compilePredicate, parse } from '@meniscus/query';
import type { ExportRequest, SearchBackend, SearchRequest, SearchScope } from '../search.ts';
import type { TestEvent } from '../store/memory-store.testing.ts';

export const MINUTE = 60_000_000;
export const START = Date.UTC(2026, 10, 23, 10) * 1000;

/** 300 events in five minutes; three at each second, of which two share the very microsecond. */
export function contractEvents(): TestEvent[] {
  return Array.from({ length: 300 }, (_, i) => {
    const time = START + Math.floor(i / 3) * 1_000_000 + (i % 3 === 2 ? 1 : 0);
    return {
      time,
      received: time + 2_000_000 - (i % 5) * 1_000,
      host: i % 10 === 0 ? '-' : `web-${i % 4}`,
      pname: i % 2 ? 'sshd' : 'nginx',
      pid: String(i % 7),
      msgid: '-',
      severity: i % 6 === 0 ? null : i % 8,
      facility: i % 6 === 0 ? null : 4,
      msg: i % 4 === 0 ? `failed password ${i}` : `accepted ${i}, "quoted"`,
      native: {
        n: i,
        bytes: i % 9 === 0 ? String(i) : i,
        user: i % 5 === 0 ? null : `user-${i % 3}`,
        tags: i % 3 === 0 ? ['a', 'b', 'a'] : [],
        ok: i % 2 === 0,
        deep: { 'dotted.key': [{ x: i }] },
      },
      ...(i % 50 === 1 ? { normalized: { sshd: { user: 'user-1' } } } : {}),
    };
  });
}

export interface Answer {
  readonly [key: string]: unknown;
  readonly partial?: boolean;
  readonly partial_reason?: string;
  readonly stats?: { readonly elapsed_ms: number; readonly scanned_events: number; readonly scanned_bytes: number };
}
export type Row = { readonly id: string; readonly time: string; readonly native?: { readonly n: number } } & Record<string, unknown>;

export class Client {
  readonly backend: SearchBackend;
  private readonly tenant: SearchScope['tenant'];

  constructor(backend: SearchBackend, tenant: SearchScope['tenant']) {
    this.backend = backend;
    this.tenant = tenant;
  }

  scope(q = '', more: Partial<SearchScope> = {}): SearchScope {
    return {
      tenant: this.tenant,
      query: parse(q, { now: START + MINUTE }),
      from: START,
      to: START + 10 * MINUTE,
      deadlineMs: 30_000,
      ...more,
    };
  }

  async search<Result = Answer>(request: SearchRequest, signal = new AbortController().signal): Promise<Answer & Result> {
    return JSON.parse(await this.backend.search(request, signal)) as Answer & Result;
  }

  async events(
    more: Partial<Extract<SearchRequest, { kind: 'events' }>> = {},
    q = '',
  ): Promise<{ events: Row[]; next: string | null } & Answer> {
    return this.search({ kind: 'events', ...this.scope(q), limit: 10_000, order: 'desc', ...more });
  }

  async count(q: string, more: Partial<SearchScope> = {}): Promise<number> {
    return (await this.search<{ count: number }>({ kind: 'count', ...this.scope(q, more) })).count;
  }

  async exported(more: Partial<ExportRequest>, q = ''): Promise<string> {
    let text = '';
    const request: ExportRequest = { kind: 'export', format: 'ndjson', ...this.scope(q), deadlineMs: Infinity, ...more };
    for await (const piece of this.backend.export(request, new AbortController().signal)) text += Buffer.from(piece).toString();
    return text;
  }
}

/** What the cases of one subject are registered with. */
export interface Suite {
  /** Registers a case, with a client of a back end of its own that holds the events. */
  readonly it: (title: string, run: (client: Client) => Promise<void>) => void;
  readonly events: readonly TestEvent[];
}

export const numbersOf = (events: readonly Row[]): number[] => events.map((event) => event.native!.n);

/** The numbers of the events that a query selects, newest first; of equal times the later id first. */
export function expectedNumbers(events: readonly TestEvent[], q = '', order: 'asc' | 'desc' = 'desc'): number[] {
  const predicate = compilePredicate(parse(q));
  const key = (event: TestEvent): [number, number] => [event.time, Math.floor(event.received! / 1000)];
  const sorted = events.filter(predicate).toSorted((a, b) => key(a)[0] - key(b)[0] || key(a)[1] - key(b)[1]);
  const numbers = sorted.map((event) => (event.native as { n: number }).n);
  return order === 'asc' ? numbers : numbers.reverse();
}
