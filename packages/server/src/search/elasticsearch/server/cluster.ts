import type { ClusterClient } from '../../../sinks/elasticsearch/client.ts';

/** What searches need of the client that the sink has, too: an answer of any status resolves, a cluster that cannot be reached rejects. */
export type ClusterCalls = Pick<ClusterClient, 'open' | 'call' | 'close'>;

/** The answer has more bytes than the client takes. */
export class AnswerTooLarge extends Error {}

/** A client that is opened when it is first needed, and anew after it was refused: keys may have been renewed. */
export class Cluster {
  private readonly client: ClusterCalls;
  private opening: Promise<void> | undefined;

  constructor(client: ClusterCalls) {
    this.client = client;
  }

  async post(path: string, body: string, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
    signal.throwIfAborted();
    this.opening ??= this.client.open();
    try {
      await this.opening;
      const answer = await this.client.call({ method: 'POST', path, body }, signal);
      if (answer.status === 401 || answer.status === 403) this.opening = undefined;
      return answer;
    } catch (error) {
      if (codeOf(error) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') throw new AnswerTooLarge();
      if (codeOf(error) === undefined && !signal.aborted) this.opening = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.opening = undefined;
    await this.client.close();
  }
}

/** The code of a failed connection, the nearest in the chain of causes. */
export function codeOf(error: unknown): string | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++)
    if ('code' in each && typeof each.code === 'string' && each.code !== '') return each.code;
  return undefined;
}
