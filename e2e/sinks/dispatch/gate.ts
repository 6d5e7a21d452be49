import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onEnd, type Cleanup } from '@meniscus/testkit';

/** A TCP proxy before a server, that can let its answers trickle. */
export class Gate {
  readonly port: number;
  /** Of each piece of an answer. */
  bytes = Infinity;
  pauseMs = 0;

  constructor(server: net.Server) {
    this.port = (server.address() as net.AddressInfo).port;
  }

  static async before(t: Cleanup, port: number): Promise<Gate> {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((client) => {
      const upstream = net.connect(port, '127.0.0.1');
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on('error', () => {}).once('close', () => (sockets.delete(socket), client.destroy(), upstream.destroy()));
      }
      client.pipe(upstream);
      void gate.pass(upstream, client);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const gate = new Gate(server);
    onEnd(t, async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    return gate;
  }

  /** Lets pass so many bytes of each answer, then waits. */
  trickle(bytes: number, pauseMs: number): void {
    this.bytes = bytes;
    this.pauseMs = pauseMs;
  }

  /** Lets everything pass at once. */
  open(): void {
    this.trickle(Infinity, 0);
  }

  private async pass(from: net.Socket, to: net.Socket): Promise<void> {
    try {
      for await (const chunk of from) {
        const bytes = chunk as Buffer;
        for (let at = 0; at < bytes.length;) {
          const end = Math.min(bytes.length, at + this.bytes);
          to.write(bytes.subarray(at, end));
          at = end;
          if (this.pauseMs > 0) await delay(this.pauseMs);
          if (to.destroyed) return;
        }
      }
      to.end();
    } catch {
      to.destroy();
    }
  }
}
