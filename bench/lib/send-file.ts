import { createReadStream } from 'node:fs';
import net from 'node:net';

/** A cheap sender, run as a process of its own: `send-file.ts ADDRESS FILE [FROM TO]` writes a file's bytes to a TCP connection as fast as they are taken. */
const [address, file, from, to] = process.argv.slice(2) as [string, string, string?, string?];
const at = address.lastIndexOf(':');
const socket = net.connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
const range = from === undefined ? {} : { start: Number(from), end: Number(to) - 1 };
createReadStream(file, { highWaterMark: 256 << 10, ...range }).pipe(socket);
socket.on('error', (error) => {
  console.error(`cannot send ${file}: ${error.message}`);
  process.exitCode = 1;
});
