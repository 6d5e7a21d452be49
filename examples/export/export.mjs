/** node export.mjs QUERY [--from TIME] [--to TIME] [--file FILE]: writes all events that match, oldest first, as NDJSON compressed with gzip. */
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: 'now-24h' },
    to: { type: 'string', default: 'now' },
    file: { type: 'string', default: 'events.ndjson.gz' },
  },
});
const { MENISCUS_URL, MENISCUS_TENANT, MENISCUS_API_KEY } = process.env;
const { from, to, file } = values;
const parameters = new URLSearchParams({ q: positionals.join(' '), from, to, format: 'ndjson' });
const answer = await fetch(`${MENISCUS_URL}/v1/tenant/${encodeURIComponent(MENISCUS_TENANT)}/export?${parameters}`, {
  headers: { authorization: `Bearer ${MENISCUS_API_KEY}` },
});
if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);

let events = 0;
const count = new Transform({
  transform(chunk, _encoding, done) {
    for (const byte of chunk) if (byte === 10) events++;
    done(null, chunk);
  },
});
// An export that is cut off breaks the connection, which rejects here: the file gets its name only when all of it is there.
await pipeline(answer.body, count, createGzip(), createWriteStream(`${file}.part`));
await rename(`${file}.part`, file);
console.log(`${file}: ${events} events`);
