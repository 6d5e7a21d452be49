/**
 * `npm run demo`: the service with a tenant `demo` and a stream of realistic events, so that a newcomer sees a working system in one command. Its data is in ./data-demo.
 * Takes the options of `npm start`, and `--rate N` (events a second, default 20).
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../packages/server/src/config/load.ts';
import { MeniscusError } from '../packages/server/src/errors.ts';
import { startService, type Service } from '../packages/server/src/service.ts';
import { demoEvent } from './demo/events.ts';
import { sendAll, type Target, type Timed } from './demo/senders.ts';

const TENANT = 'demo';
const HISTORY_MS = 3_600_000;
const HISTORY_EVENTS = 20_000;
const TURN_MS = 250;

/** Takes `--rate N` out of the arguments; the rest are the service's. */
function options(argv: readonly string[]): { readonly rate: number; readonly argv: readonly string[] } {
  const at = argv.indexOf('--rate');
  const rate = at < 0 ? 20 : Number(argv[at + 1]);
  if (!(rate > 0 && rate <= 10_000)) throw new Error('--rate must be from 1 to 10000 events a second');
  const rest = at < 0 ? argv : argv.toSpliced(at, 2);
  const placed = rest.some((one) => one.startsWith('--data-dir')) || Boolean(process.env['MENISCUS_DATA_DIR']);
  return { rate, argv: placed ? rest : ['--data-dir', './data-demo', ...rest] };
}

async function call(url: string, key: string, body?: unknown): Promise<{ readonly status: number; readonly json: unknown }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { headers, ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? null : (JSON.parse(text) as unknown) };
}

/** Makes the tenant unless it is there, and finds out where its events go. `fresh`: it was made now. */
async function target(url: string, dataDir: string): Promise<Target & { readonly fresh: boolean }> {
  const key = readFileSync(path.join(dataDir, 'admin.key'), 'utf8').trim();
  const made = await call(`${url}/v1/tenant`, key, { tenant: { tenant_id: TENANT, tenant_name: 'A small shop' } });
  const { json } = await call(`${url}/v1/tenant/${TENANT}/token`, key);
  const run = JSON.parse(readFileSync(path.join(dataDir, 'run.json'), 'utf8')) as { readonly syslog: { readonly tcp: string } };
  const { token } = json as { readonly token: { readonly valid: string } };
  return { http: url, syslog: run.syslog.tcp, tenant: TENANT, token: token.valid, fresh: made.status === 201 };
}

/** The hour before now, so that there is something to look at. */
async function sendHistory(to: Target, now: number): Promise<void> {
  const times = Array.from({ length: HISTORY_EVENTS }, (_, i) => now - HISTORY_MS + Math.floor((i * HISTORY_MS) / HISTORY_EVENTS));
  for (let i = 0; i < times.length; i += 2000)
    await sendAll(
      times.slice(i, i + 2000).map((ms) => ({ ...demoEvent(ms), ms })),
      to,
    );
}

/** Sends `rate` events a second until `signal` aborts; a refusal is said once and the next turn tries again. */
async function sendForever(to: Target, rate: number, signal: AbortSignal): Promise<void> {
  let owed = 0;
  let refused = '';
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    owed += (rate * TURN_MS) / 1000;
    const now = Date.now();
    const events: Timed[] = Array.from({ length: Math.floor(owed) }, (_, i) => ({ ...demoEvent(now), ms: now - i }));
    owed -= events.length;
    try {
      if (events.length > 0) await sendAll(events, to);
      refused = '';
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (text !== refused && !signal.aborted) console.error(`demo: ${text}`);
      refused = text;
    }
  }
}

function whatNext(dataDir: string, rate: number): string {
  const place = path.relative(process.cwd(), dataDir);
  return `
The tenant "${TENANT}" has an hour of events, and ${rate} more come each second: web servers, a checkout, payments, logins, a database.
Every four minutes payments fail for half a minute. In a second terminal, in the same folder:

  export MENISCUS_DATA_DIR=${place === '' || place.startsWith('..') ? dataDir : place} MENISCUS_TENANT=${TENANT}
  npx meniscus search 'level:error'                      # the newest errors
  npx meniscus search 'app:checkout took>=5000'          # by field
  npx meniscus histogram 'payment timed out' --interval 1m
  npx meniscus facets --fields host,pname 'severity<=4'
  npx meniscus tail 'app:sshd failed'                    # live; Ctrl-C ends it

Ctrl-C here stops the service; its data stays in ${place === '' || place.startsWith('..') ? dataDir : place}, which you may delete.`;
}

function die(error: unknown): never {
  console.error(`meniscus: ${error instanceof MeniscusError || error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

/** Ctrl-C: the stream ends, then the service; a second one ends at once. */
function stopOnSignals(service: Service, sending: AbortController, sent: Promise<void>): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    sending.abort();
    sent.then(() => service.stop()).then(() => process.exit(0), die);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

try {
  const { rate, argv } = options(process.argv.slice(2));
  const load = () => loadConfig({ argv, env: process.env });
  const { config, warnings } = load();
  const service = await startService(config, { warnings, load, failed: die });
  const { fresh, ...to } = await target(service.url, config.data_dir);
  const sending = new AbortController();
  const sent = (fresh ? sendHistory(to, Date.now()) : Promise.resolve())
    .then(() => console.log(`${service.greeting.replace(/\s*Next, in another terminal.*/, '')}${whatNext(config.data_dir, rate)}`))
    .then(() => sendForever(to, rate, sending.signal));
  stopOnSignals(service, sending, sent);
  await sent;
} catch (error) {
  die(error);
}
