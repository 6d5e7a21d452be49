import http from 'node:http';

/**
 * Clients of live tails: `tail-clients.ts URL KEY CLIENTS QUERY...` opens so many, each with the next of the queries. Says `open` when all are, and
 * after SIGTERM how many events came and how many were lost: `{"events", "dropped"}`.
 */
const [url, key, clients, ...queries] = process.argv.slice(2) as [string, string, string, ...string[]];
let opened = 0;
let events = 0;
const dropped = new Map<number, number>();

/** Counts what a client gets without reading more of it than it must. */
function follow(client: number, response: http.IncomingMessage): void {
  response.setEncoding('latin1');
  response.on('data', (text: string) => {
    for (let at = text.indexOf('\nid: '); at >= 0; at = text.indexOf('\nid: ', at + 40)) events++;
    const lost = text.lastIndexOf('"dropped":');
    if (lost >= 0) dropped.set(client, Number.parseInt(text.slice(lost + 10), 10));
  });
  response.on('error', () => {});
  if (++opened === Number(clients)) console.log('open');
}

for (let client = 0; client < Number(clients); client++) {
  const query = new URLSearchParams({ q: queries[client % queries.length]! });
  http
    .get(`${url}?${query}`, { headers: { authorization: `Bearer ${key}` }, agent: false }, (response) => follow(client, response))
    .on('error', () => {});
}

process.on('SIGTERM', () => {
  console.log(JSON.stringify({ events, dropped: [...dropped.values()].reduce((sum, each) => sum + each, 0) }));
  process.exit();
});
