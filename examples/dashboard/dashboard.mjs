/** Prints the figures of a dashboard, of the last hour. Needs MENISCUS_URL, MENISCUS_TENANT and a reader's MENISCUS_API_KEY. */
const { MENISCUS_URL, MENISCUS_TENANT, MENISCUS_API_KEY } = process.env;
const base = `${MENISCUS_URL}/v1/tenant/${encodeURIComponent(MENISCUS_TENANT)}`;
const LEVELS = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];

/** Searches take their parameters as a JSON body too: nothing to percent-encode. */
async function ask(what, body) {
  const answer = await fetch(`${base}/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${MENISCUS_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from: '-1h', ...body }),
  });
  if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
  const result = await answer.json();
  if (result.partial) console.error(`${what} is not complete: ${result.partial_reason}`);
  return result;
}

const [severities, programs, slow, newest] = await Promise.all([
  ask('histogram', { buckets: 1, by: 'severity' }),
  ask('facets', { q: 'severity<=error', fields: ['pname'], limit: 5 }),
  ask('stats', { q: 'took:*', by: ['pname'], metrics: ['count', 'p50(took)', 'p95(took)'], limit: 5 }),
  ask('events', { q: 'severity<=error', limit: 1 }),
]);

const bySeverity = new Map();
let total = 0;
for (const { count, by } of severities.buckets) {
  total += count;
  for (const [severity, of] of Object.entries(by ?? {})) bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + of);
}
console.log(`events in the last hour: ${total}`);
for (const severity of [...bySeverity.keys()].sort()) console.log(`  ${LEVELS[severity] ?? 'other'} ${bySeverity.get(severity)}`);
console.log(`errors by program: ${programs.facets.pname.values.map(({ value, count }) => `${value} ${count}`).join(', ')}`);
console.log('median and 95 % of took:');
for (const { by, metrics } of slow.groups)
  console.log(`  ${by.pname} ${Math.round(metrics['p50(took)'])} ms, ${Math.round(metrics['p95(took)'])} ms`);
const [event] = newest.events;
console.log(`newest error: ${event === undefined ? 'none' : `${event.time} ${event.pname} ${event.msg}`}`);
