import http from 'node:http';
import { once } from 'node:events';
import { until, type Cleanup, type Client } from '@meniscus/testkit';

export interface Frame {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** A client of a live tail that keeps what it got, read by the rules of the HTML Living Standard, 9.2.6. */
export class TailClient {
  readonly frames: Frame[] = [];
  readonly comments: string[] = [];
  readonly response: http.IncomingMessage;
  closed = false;
  private text = '';

  constructor(response: http.IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.take(chunk));
    response.on('error', () => {});
    response.on('close', () => (this.closed = true));
  }

  /** The events, parsed. */
  get events(): Record<string, unknown>[] {
    return this.frames.filter(({ event }) => event === 'log').map(({ data }) => JSON.parse(data) as Record<string, unknown>);
  }

  get messages(): unknown[] {
    return this.events.map((event) => event['msg']);
  }

  /** The id that a browser would send when it comes back. */
  get lastId(): string {
    return this.frames.findLast(({ id }) => id !== undefined)?.id ?? '';
  }

  get dropped(): number {
    const status = this.frames.findLast(({ event }) => event === 'status');
    return status === undefined ? 0 : (JSON.parse(status.data) as { dropped: number }).dropped;
  }

  async has(events: number): Promise<void> {
    await until(
      `${events} events in the tail, of which ${this.events.length} came`,
      () => this.frames.filter(({ event }) => event === 'log').length >= events,
    );
  }

  async ended(): Promise<void> {
    await until('the end of the tail', () => this.closed);
  }

  close(): void {
    this.response.destroy();
  }

  private take(chunk: string): void {
    this.text += chunk;
    const frames = this.text.split('\n\n');
    this.text = frames.pop()!;
    for (const frame of frames) this.frame(frame.split('\n'));
  }

  private frame(lines: readonly string[]): void {
    const fields = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
    for (const line of lines) if (line.startsWith(':')) this.comments.push(line);
    const data = fields.get('data');
    if (data !== undefined) this.frames.push({ event: fields.get('event') ?? 'message', id: fields.get('id'), data });
  }
}

/** Opens a tail; it is open when this resolves. */
export async function openTail(
  t: Cleanup,
  client: Client,
  tenant: string,
  parameters: Record<string, string> = {},
  options: { readonly key?: string; readonly lastEventId?: string } = {},
): Promise<TailClient> {
  const headers: Record<string, string> = { authorization: `Bearer ${options.key ?? client.adminKey}`, accept: 'text/event-stream' };
  if (options.lastEventId !== undefined) headers['last-event-id'] = options.lastEventId;
  const request = http.get(`${client.url}${client.path(tenant, `/tail?${new URLSearchParams(parameters)}`)}`, { headers, agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  request.on('error', () => {});
  t.after(() => void response.destroy());
  if (response.statusCode !== 200) throw new Error(`the tail answered ${response.statusCode}`);
  return new TailClient(response);
}
