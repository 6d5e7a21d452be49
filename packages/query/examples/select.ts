/** Selects events with a query: `node examples/select.ts 'status>=500 NOT path:/healthz'`. */
import { compilePredicate, parse, print, QueryError } from '../src/index.ts';
import type { QueryEvent } from '../src/index.ts';

const EVENTS: readonly QueryEvent[] = [
  { host: 'web-01', severity: 3, msg: 'GET /api/v1/users', native: { status: 500, path: '/api/v1/users', src: '10.0.0.6' } },
  { host: 'web-02', severity: 6, msg: 'GET /healthz', native: { status: 503, path: '/healthz', src: '172.16.5.4' } },
  { host: 'db-01', severity: 4, msg: 'Failed password for root', native: { user: 'root' } },
];

const text = process.argv[2] ?? 'status>=500 NOT path:/healthz';
try {
  const query = parse(text);
  console.log(`read as: ${print(query)}`);
  for (const event of EVENTS.filter(compilePredicate(query))) console.log(JSON.stringify(event));
} catch (error) {
  if (!(error instanceof QueryError)) throw error;
  console.error(`${text}\n${' '.repeat(error.position)}^ ${error.message}`);
  process.exitCode = 1;
}
