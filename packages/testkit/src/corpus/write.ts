import { closeSync, openSync, writeSync } from 'node:fs';
import type { TestTenant } from '../meniscus/client.ts';
import { corpusLines, type CorpusLine } from './lines.ts';
import { pick, random } from './random.ts';

export interface CorpusOptions {
  readonly events: number;
  /** Events are spread over them, more to the first ones. */
  readonly tenants: readonly TestTenant[];
  /** Milliseconds since the epoch of the first event, and the span over which their times are spread. */
  readonly from: number;
  readonly spanMs: number;
  /** What events say; default: all of `corpusLines`. */
  readonly lines?: readonly CorpusLine[];
  /** Text put into one event near the middle, of the tenant at `needleTenant` (default: the first). */
  readonly needle?: string;
  readonly needleTenant?: number;
}

export interface CorpusFile {
  readonly file: string;
  readonly events: number;
  readonly bytes: number;
  /** Events of each tenant, in the order given. */
  readonly perTenant: readonly number[];
  readonly real: boolean;
}

/** A share of the digits varies, so that no two events are quite alike. */
function vary(text: string, share: number, next: () => number): string {
  return text.replace(/\d/g, (digit) => (next() < share ? String(Math.floor(next() * 10)) : digit));
}

function writer(file: string) {
  const fd = openSync(file, 'w');
  let pending = '';
  let bytes = 0;
  const flush = (): void => {
    bytes += writeSync(fd, pending);
    pending = '';
  };
  return {
    line(text: string): void {
      pending += `${text}\n`;
      if (pending.length > 1 << 20) flush();
    },
    end(): number {
      flush();
      closeSync(fd);
      return bytes;
    },
  };
}

/** RFC 5424 lines of about 290 bytes with credentials, newline-framed. */
export function writeSyslogCorpus(file: string, options: CorpusOptions): CorpusFile {
  const corpus = corpusLines();
  const lines = options.lines ?? corpus.lines;
  const next = random(12_345);
  const out = writer(file);
  const perTenant = options.tenants.map(() => 0);
  for (let i = 0; i < options.events; i++) {
    const { program, text } = pick(lines, next);
    const needle = options.needle !== undefined && i === options.events >> 1;
    const tenant = needle ? (options.needleTenant ?? 0) : Math.floor(next() * next() * options.tenants.length);
    perTenant[tenant]!++;
    const { id, token } = options.tenants[tenant]!;
    const time = new Date(options.from + (i * options.spanMs) / options.events).toISOString();
    const host = `web-${Math.floor(next() * 50)}.dc${Math.floor(next() * 3)}.example.com`;
    const pri = Math.floor(next() * 24) * 8 + Math.floor(next() * 8);
    const msg = needle ? options.needle! : vary(text, 0.5, next);
    out.line(`<${pri}>1 ${time} ${host} ${program} ${Math.floor(next() * 32_768)} - [meniscus tenant="${id}" token="${token}"] ${msg}`);
  }
  return { file, events: options.events, bytes: out.end(), perTenant, real: corpus.real };
}

/** Systems whose lines are those of applications, which log JSON; the others are of syslog. */
const APPLICATIONS = new Set(['openstack', 'spark', 'hadoop', 'zookeeper', 'app']);

/** JSON lines of about 370 bytes with ten fields. */
export function writeJsonCorpus(file: string, options: Omit<CorpusOptions, 'tenants' | 'lines' | 'needle'>): CorpusFile {
  const { lines: all, real } = corpusLines();
  const lines = all.filter(({ program }) => APPLICATIONS.has(program));
  const next = random(7);
  const out = writer(file);
  for (let i = 0; i < options.events; i++) {
    const hex = Array.from({ length: 16 }, () => '0123456789abcdef'[Math.floor(next() * 16)]).join('');
    out.line(
      JSON.stringify({
        '@timestamp': new Date(options.from + (i * options.spanMs) / options.events).toISOString(),
        level: pick(['info', 'info', 'info', 'info', 'debug', 'warn', 'error'], next),
        service: `svc-${Math.floor(next() * 40)}`,
        host: `web-${Math.floor(next() * 50)}`,
        message: vary(pick(lines, next).text, 0.3, next).slice(0, 180),
        trace_id: hex,
        http: {
          method: pick(['GET', 'POST', 'PUT'], next),
          status: pick([200, 200, 200, 201, 404, 500], next),
          path: `/api/v1/items/${Math.floor(next() * 1000)}`,
        },
        duration_ms: Number((next() * 500).toFixed(2)),
      }),
    );
  }
  return { file, events: options.events, bytes: out.end(), perTenant: [options.events], real };
}
