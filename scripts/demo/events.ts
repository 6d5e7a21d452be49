/** What a small shop's computers say: web servers, a checkout, payments, logins, a database, jobs. */
export interface DemoEvent {
  /** `json` goes by HTTP, `syslog` by TCP. */
  readonly by: 'json' | 'syslog';
  readonly host: string;
  readonly app: string;
  readonly severity: number;
  readonly text: string;
  /** Further members of JSON events, structured data of syslog. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** Whether payments fail, now and then for half a minute: what a burst of errors looks like. */
export function inTrouble(ms: number): boolean {
  return ms % 240_000 < 30_000;
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)]!;
}

function between(low: number, high: number): number {
  return low + Math.floor(Math.random() * (high - low));
}

const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'];
const PAGES = ['/', '/cart', '/checkout', '/product/4711', '/product/815', '/search?q=shoes', '/login', '/static/app.js'];
const address = (): string => `203.0.113.${between(1, 255)}`;
const order = (): number => between(10_000, 99_999);

function web(trouble: boolean): DemoEvent {
  const page = pick(PAGES);
  const failed = trouble && page === '/checkout';
  const status = failed ? 502 : pick([200, 200, 200, 200, 200, 304, 301, 404]);
  const ms = failed ? between(3000, 9000) : between(2, 180);
  const text = `${address()} - ${pick(['-', ...USERS])} "GET ${page} HTTP/1.1" ${status} ${between(200, 40_000)} ${ms}ms`;
  return {
    by: 'syslog',
    host: pick(['web-01', 'web-02']),
    app: 'nginx',
    severity: status >= 500 ? 3 : 6,
    text,
    more: { status, took: ms },
  };
}

function checkout(trouble: boolean): DemoEvent {
  const failed = trouble && Math.random() < 0.6;
  const user = pick(USERS);
  const text = failed ? 'payment timed out, order kept for later' : 'order placed';
  const took = failed ? 5000 : between(20, 400);
  const more = {
    user,
    order: order(),
    amount: between(5, 900),
    currency: 'EUR',
    took,
    ...(failed ? { error: { code: 'ETIMEDOUT', retries: 3 } } : {}),
  };
  return { by: 'json', host: 'app-01', app: 'checkout', severity: failed ? 3 : 6, text, more };
}

function payments(trouble: boolean): DemoEvent {
  const failed = trouble && Math.random() < 0.7;
  const text = failed ? `no answer from acquirer ${pick(['north', 'south'])} after 5000 ms` : 'payment captured';
  return {
    by: 'json',
    host: 'app-02',
    app: 'payments',
    severity: failed ? pick([2, 3, 3]) : 6,
    text,
    more: { order: order(), card: pick(['visa', 'master', 'amex']) },
  };
}

function login(): DemoEvent {
  const failed = Math.random() < 0.3;
  const text = failed
    ? `Failed password for ${pick(['root', 'admin', ...USERS])} from ${address()} port ${between(1024, 65_000)} ssh2`
    : `Accepted publickey for ${pick(USERS)} from ${address()} port ${between(1024, 65_000)} ssh2`;
  return { by: 'syslog', host: pick(['web-01', 'web-02', 'app-01', 'db-01']), app: 'sshd', severity: failed ? 5 : 6, text, more: {} };
}

function database(): DemoEvent {
  const took = between(50, 4000);
  const slow = took > 2000;
  const text = slow
    ? `duration: ${took} ms  statement: SELECT * FROM orders WHERE customer = $1`
    : 'checkpoint complete: wrote 312 buffers (1.9%)';
  return { by: 'syslog', host: 'db-01', app: 'postgres', severity: slow ? 4 : 6, text, more: slow ? { took } : {} };
}

function job(): DemoEvent {
  const name = pick(['mail', 'invoice', 'thumbnails']);
  return {
    by: 'json',
    host: 'app-02',
    app: 'jobs',
    severity: pick([7, 7, 6]),
    text: `job ${name} done`,
    more: { job: name, took: between(10, 900), attempt: 1 },
  };
}

/** One event as it would come at that moment. */
export function demoEvent(ms: number): DemoEvent {
  const trouble = inTrouble(ms);
  const kind = Math.random();
  if (kind < 0.5) return web(trouble);
  if (kind < 0.65) return checkout(trouble);
  if (kind < 0.78) return payments(trouble);
  if (kind < 0.86) return login();
  return kind < 0.92 ? database() : job();
}
