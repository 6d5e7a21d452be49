import { setTimeout as sleep } from 'node:timers/promises';
import { Unreachable, type ApiClient } from '../api/client.ts';
import { NotRunning } from '../api/connection.ts';
import type { Failure } from '../errors/failure.ts';
import { ApiFailure } from '../errors/problem.ts';
import { tenantPath } from '../session.ts';

export interface Rejection {
  /** Of the event among the events of its batch, from 0. */
  readonly index: number;
  readonly title: string;
}

export interface Published {
  readonly accepted: number;
  readonly rejected: number;
  readonly errors: readonly Rejection[];
}

export interface PublisherOptions {
  /** Made anew for each try: a service that restarts may come back elsewhere. */
  readonly client: () => ApiClient;
  readonly tenant: string;
  /** The message token; asked again after it was refused once. */
  readonly token: (again: boolean) => Promise<string>;
  /** How long to go on trying while the service is away or full. */
  readonly retryForMs: number;
  readonly note: (text: string) => Promise<void>;
}

type Counts = { readonly accepted?: unknown; readonly rejected?: unknown; readonly errors?: unknown };

function rejections(errors: unknown): Rejection[] {
  if (!Array.isArray(errors)) return [];
  return (errors as readonly Record<string, unknown>[]).map(({ index, title, code }) => ({
    index: typeof index === 'number' ? index : 0,
    title: typeof title === 'string' ? title : String(code),
  }));
}

/** What an answer says; 2013's answers to a single event have no counts. */
function publishedOf(text: string, events: number): Published {
  if (text === '') return { accepted: events, rejected: 0, errors: [] };
  const { accepted, rejected, errors } = JSON.parse(text) as Counts;
  if (typeof accepted !== 'number') return { accepted: events, rejected: 0, errors: [] };
  return { accepted, rejected: typeof rejected === 'number' ? rejected : 0, errors: rejections(errors) };
}

/** Sends batches, one after another, each until the service has it on disk or refuses it. */
export class Publisher {
  private readonly options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.options = options;
  }

  /** Throws a Failure when the service refuses the sender or stays away. A batch whose answer was lost is sent again: at least once, not exactly once. */
  async publish(bytes: Uint8Array, events: number, contentType: string): Promise<Published> {
    let until: number | undefined;
    let pauseMs = 250;
    for (let again = false; ;) {
      try {
        return publishedOf(await this.once(bytes, contentType, again), events);
      } catch (error) {
        if (refusedAll(error)) return { accepted: 0, rejected: events, errors: rejections(error.problem.errors) };
        if (error instanceof ApiFailure && error.problem.status === 401 && !again) {
          again = true;
          continue;
        }
        if (!passing(error)) throw error;
        if (until === undefined) await this.options.note(`meniscus: ${error.message}; trying again ...`);
        until ??= Date.now() + this.options.retryForMs;
        const wait = waitOf(error) ?? pauseMs;
        if (Date.now() + wait > until) throw error;
        await sleep(wait);
        pauseMs = Math.min(5_000, pauseMs * 2);
      }
    }
  }

  private async once(bytes: Uint8Array, contentType: string, again: boolean): Promise<string> {
    const { client, tenant, token } = this.options;
    return client().text(tenantPath(tenant, 'publish'), {
      bytes,
      anonymous: true,
      headers: { 'message-token': await token(again), 'content-type': contentType },
    });
  }
}

/** None of the batch was taken, for what the events are. */
function refusedAll(error: unknown): error is ApiFailure {
  return error instanceof ApiFailure && error.problem.code === 'no_event_accepted';
}

/** The service is away, full or stopping: another try may do. */
function passing(error: unknown): error is Failure {
  if (error instanceof Unreachable || error instanceof NotRunning) return true;
  return error instanceof ApiFailure && (error.problem.status === 429 || [502, 503, 504].includes(error.problem.status));
}

function waitOf(error: Failure): number | undefined {
  return error instanceof ApiFailure && error.retryAfter !== undefined ? error.retryAfter * 1_000 : undefined;
}
