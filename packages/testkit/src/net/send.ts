import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';

function split(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}

/** Sends bytes over one TCP connection, in the pieces given, and closes it. */
export async function sendTcp(address: string, ...pieces: (string | Buffer)[]): Promise<void> {
  const socket = net.connect(split(address));
  await once(socket, 'connect');
  for (const piece of pieces) if (!socket.write(piece)) await once(socket, 'drain');
  socket.end();
  socket.resume();
  await once(socket, 'close');
}

/** Sends one datagram each. */
export async function sendUdp(address: string, ...datagrams: (string | Buffer)[]): Promise<void> {
  const { host, port } = split(address);
  const socket = dgram.createSocket('udp4');
  for (const datagram of datagrams)
    await new Promise<void>((resolve, reject) => socket.send(datagram, port, host, (error) => (error ? reject(error) : resolve())));
  socket.close();
}
