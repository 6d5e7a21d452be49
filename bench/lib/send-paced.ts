import net from 'node:net';

/** A paced sender: `send-paced.ts ADDRESS TENANT TOKEN RATE SECONDS` sends syslog events at a steady rate. */
const [address, tenant, token, rate, seconds] = process.argv.slice(2) as [string, string, string, string, string];
const at = address.lastIndexOf(':');
const socket = net.connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
const TICK_MS = 10;
const perTick = (Number(rate) * TICK_MS) / 1000;
let sent = 0;
let due = 0;
const end = Date.now() + Number(seconds) * 1000;
const timer = setInterval(() => {
  due += perTick;
  const time = new Date().toISOString();
  let lines = '';
  for (; sent < due; sent++)
    lines += `<134>1 ${time} web-${sent % 50} steady ${sent % 1000} - [meniscus tenant="${tenant}" token="${token}"] steady event ${sent} with some more text behind it, as log lines have: GET /api/v1/items/${sent % 977} took ${sent % 313} ms from 10.0.${sent % 256}.17\n`;
  socket.write(lines);
  if (Date.now() < end) return;
  clearInterval(timer);
  socket.end();
}, TICK_MS);
