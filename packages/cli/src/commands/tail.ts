import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { Unreachable } from '../api/client.ts';
import { NotRunning } from '../api/connection.ts';
import { queryOf } from '../api/search.ts';
import { serverEvents } from '../api/sse.ts';
import { action, listOf, wholeNumber } from '../command.ts';
import { Failure } from '../errors/failure.ts';
import { ApiFailure } from '../errors/problem.ts';
import type { Io } from '../io.ts';
import type { ApiEvent } from '../output/event-fields.ts';
import { EventLines } from '../output/event-lines.ts';
import { count } from '../output/human.ts';
import { parseForShow } from '../output/json-text.ts';
import type { Session } from '../session.ts';

interface TailOptions {
  readonly since?: string;
  readonly fields?: readonly string[];
  readonly limit?: number;
}

const LONGEST_PAUSE_MS = 5_000;

/** A live tail that outlives its connections: after a restart of the service it goes on behind the last event it showed. */
class Tail {
  private readonly session: Session;
  private readonly query: string;
  private readonly lines: EventLines;
  private readonly limit: number;
  private readonly signal: AbortSignal;
  private from: string | undefined;
  private lastId = '';
  private shown = 0;
  private dropped = 0;
  private connected = false;
  private pauseMs = 0;

  constructor(session: Session, options: TailOptions, query: string) {
    this.session = session;
    this.query = query;
    this.lines = new EventLines(session.out.colours, options.fields);
    this.limit = options.limit ?? Number.POSITIVE_INFINITY;
    this.from = options.since;
    this.signal = session.io.interrupted();
  }

  async run(): Promise<void> {
    while (!this.done) {
      try {
        await this.follow();
      } catch (error) {
        if (this.done) return;
        this.bear(error);
      }
      if (!this.done) await this.pause();
    }
  }

  private get done(): boolean {
    return this.signal.aborted || this.shown >= this.limit;
  }

  /** One connection, until it ends. */
  private async follow(): Promise<void> {
    const { session, query } = this;
    const reply = await session.client.open(session.tenantPath('tail'), {
      parameters: { q: query === '' ? undefined : query, from: this.lastId === '' ? this.from : undefined },
      headers: { accept: 'text/event-stream', ...(this.lastId === '' ? {} : { 'last-event-id': this.lastId }) },
      query,
      signal: this.signal,
    });
    if (this.pauseMs > 0) await session.out.note('meniscus: connected again');
    // Without any event shown, a new connection starts where this one did.
    this.from ??= reply.headers.date === undefined ? undefined : new Date(reply.headers.date).toISOString();
    this.connected = true;
    this.pauseMs = 0;
    for await (const event of serverEvents(reply, this.lastId)) {
      this.lastId = event.id;
      if (event.event === 'log') await this.show(event.data);
      else if (event.event === 'status') await this.status(event.data);
      if (this.done) {
        reply.destroy();
        return;
      }
    }
  }

  private async show(data: string): Promise<void> {
    this.shown++;
    const { out } = this.session;
    await out.line(out.format === 'table' ? this.lines.line(parseForShow<ApiEvent>(data)) : data);
  }

  /** Says what this tail lost because it was too slow. */
  private async status(data: string): Promise<void> {
    const { dropped = 0 } = JSON.parse(data) as { readonly dropped?: number };
    if (dropped > this.dropped)
      await this.session.out.note(
        `meniscus: ${count(dropped - this.dropped)} events were left out here: they come faster than they can be shown`,
      );
    this.dropped = dropped;
  }

  /** Goes on after what may pass; throws what will not, and everything as long as there was no connection at all. */
  private bear(error: unknown): void {
    if (!this.connected || !mayPass(error)) throw error;
    if (error instanceof ApiFailure && error.retryAfter !== undefined) this.pauseMs = Math.max(this.pauseMs, error.retryAfter * 500);
  }

  private async pause(): Promise<void> {
    if (this.pauseMs === 0) await this.session.out.note('meniscus: the connection ended; trying again ...');
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(250, this.pauseMs * 2));
    await sleep(this.pauseMs, undefined, { signal: this.signal }).catch(() => undefined);
    this.session.refresh();
  }
}

/** A service that restarts, is full or cannot be reached, and a connection that breaks. */
function mayPass(error: unknown): boolean {
  if (error instanceof ApiFailure) return error.problem.status === 429 || error.problem.status >= 500;
  if (error instanceof Failure) return error instanceof Unreachable || error instanceof NotRunning;
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && code !== 'EPIPE';
}

export function addTail(program: Command, io: Io): void {
  program
    .command('tail')
    .description('show events as they come; goes on after a restart of the service')
    .argument('[query...]', 'the query; several words are joined')
    .option('--since <time>', 'begins there, e.g. -10m (default: now)')
    .option('--fields <names>', 'the columns, separated by commas', listOf)
    .option('-n, --limit <n>', 'ends after so many events', wholeNumber)
    .action(action<TailOptions, [string[]]>(io, async (session, options, words) => new Tail(session, options, queryOf(words)).run()));
}
