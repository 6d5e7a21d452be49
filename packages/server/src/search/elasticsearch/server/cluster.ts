import type { ClusterClient } from '../../../sinks/elasticsearch/client.ts';

/** What searches need of the client that the sink has, too: an answer of any status resolves, a cluster that cannot be reached rejects. */
export type ClusterCalls = Pick<ClusterClient, 'open' | 'call' | 'close'>;

/** The answer has more bytes than the client takes. */
export class AnswerTooLarge extends Error {}

/** A search that takes so long makes one look whether the cluster answers at all, and how long that may take. */
const PATIENCE_MS = 3_000;

/** A client that is opened when it is first needed, and anew after it was refused: keys may have been renewed. */
export class Cluster {
  private readonly client: ClusterCalls;
  private readonly probe: ClusterCalls;
  private opening: Promise<unknown> | undefined;

  /** `probe`: another client of the same cluster, whose connections are free when searches have all of the first one's. */
  constructor(client: ClusterCalls, probe: ClusterCalls) {
    this.client = client;
    this.probe = probe;
  }

  async post(path: string, body: string, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
    signal.throwIfAborted();
    await this.open();
    try {
      const answer = await this.whileAlive(signal, async (alive) => this.client.call({ method: 'POST', path, body }, alive));
      if (answer.status === 401 || answer.status === 403) this.opening = undefined;
      return answer;
    } catch (error) {
      throw codeOf(error) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' ? new AnswerTooLarge() : error;
    }
  }

  private async open(): Promise<void> {
    this.opening ??= Promise.all([this.client.open(), this.probe.open()]);
    try {
      await this.opening;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.opening = undefined;
    await Promise.all([this.client.close(), this.probe.close()]);
  }

  /** Ends a call when the cluster turns out to be silent: what takes long is not the search. */
  private async whileAlive<Result>(signal: AbortSignal, call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const silent = new AbortController();
    const timer = setTimeout(() => {
      this.probe.call({ method: 'GET', path: '/' }, AbortSignal.timeout(PATIENCE_MS)).catch((error: unknown) => silent.abort(error));
    }, PATIENCE_MS);
    try {
      return await call(AbortSignal.any([signal, silent.signal]));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The code of a failed connection, the nearest in the chain of causes. */
export function codeOf(error: unknown): string | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++)
    if ('code' in each && typeof each.code === 'string' && each.code !== '') return each.code;
  return undefined;
}
