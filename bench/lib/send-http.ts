import { openSync, readSync } from 'node:fs';
import http from 'node:http';

/** A cheap sender, run as a process of its own: `send-http.ts URL TOKEN FILE BYTES` posts a file's lines in bodies of about BYTES, one after the other. */
const [url, token, file, bytes] = process.argv.slice(2) as [string, string, string, string];
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });

async function post(body: Buffer): Promise<void> {
  const headers = { 'message-token': token, 'content-type': 'application/x-ndjson', 'content-length': body.length };
  const status = await new Promise<number>((resolve, reject) => {
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    request.once('error', reject);
    request.end(body);
  });
  if (status !== 202) throw new Error(`publish answered ${status}`);
}

const fd = openSync(file, 'r');
let rest = Buffer.alloc(0);
let earlier: Promise<void> = Promise.resolve();
for (;;) {
  const chunk = Buffer.allocUnsafe(rest.length + Number(bytes));
  rest.copy(chunk);
  const read = readSync(fd, chunk, rest.length, Number(bytes), null);
  if (read === 0) break;
  const filled = chunk.subarray(0, rest.length + read);
  const end = filled.lastIndexOf(10) + 1;
  rest = Buffer.from(filled.subarray(end));
  // Two bodies at a time: one is decoded while the other is synced.
  const sending = post(filled.subarray(0, end));
  await earlier;
  earlier = sending;
}
await earlier;
agent.destroy();
