import http from 'node:http';
import net from 'node:net';

/** A receiver, run as a process of its own, so that its work does not count: `take-all.ts http|tcp` takes everything on the port that it prints. */
const server =
  process.argv[2] === 'http'
    ? http.createServer((request, response) => request.resume().once('end', () => response.end()))
    : net.createServer((socket) => socket.resume().on('error', () => {}));
server.listen(0, '127.0.0.1', () => console.log((server.address() as net.AddressInfo).port));
