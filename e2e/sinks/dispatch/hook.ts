import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onEnd, type Cleanup } from '@meniscus/testkit';
import { keptOfLines, type Kept } from './events.ts';

/** What a webhook does with a request. */
export type HookAnswer = 'take' | 'silence' | 'take and hang up' | { readonly status: number; readonly headers?: Record<string, string> };

/** A webhook of this process. It keeps what it answered with 200, and what it took before it hung up. */
export class Hook {
  readonly taken: Kept[] = [];
  answer: HookAnswer = 'take';
  private server: Server | undefined;
  private port = 0;

  static async start(t: Cleanup): Promise<Hook> {
    const hook = new Hook();
    await hook.start();
    onEnd(t, async () => hook.stop());
    return hook;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/logs`;
  }

  /** On the same port as before. */
  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.receive(request, response).catch(() => response.destroy()));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** Ends the connections of whom it did not answer. */
  hangUp(): void {
    this.server?.closeAllConnections();
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { answer } = this;
    if (answer === 'silence') return;
    if (typeof answer === 'object') {
      response.writeHead(answer.status, answer.headers).end('not now');
      return;
    }
    this.taken.push(...keptOfLines(Buffer.concat(chunks).toString()));
    if (answer === 'take') response.writeHead(200).end();
    else response.destroy();
  }
}
