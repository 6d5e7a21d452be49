import { setTimeout as sleep } from 'node:timers/promises';
import { MeniscusError } from '../../../errors.ts';
import { parseAnswer } from '../documents/document.ts';
import type { Clause } from '../dsl/clause.ts';
import { AnswerTooLarge, codeOf, type Cluster } from './cluster.ts';

interface ServerAnswer {
  readonly status: number;
  readonly text: string;
}

/** How much longer than the server may search its answer may take to come. */
const GRACE_MS = 400;
const RETRY_AFTER = 5;
/** An index that was just made cannot be searched for a moment: it is asked again. */
const FIRST_PAUSE_MS = 40;
const LAST_PAUSE_MS = 640;
const PARAMETERS = 'ignore_unavailable=true&allow_no_indices=true&allow_partial_search_results=true&request_cache=false';
/** Overloaded, or behind a proxy that cannot reach it. */
const AWAY: ReadonlySet<number> = new Set([401, 403, 408, 429, 500, 502, 503, 504]);

/** A body of `_search`. */
export interface SearchBody {
  readonly query: Clause;
  readonly size: number;
  readonly sort?: readonly unknown[];
  readonly search_after?: readonly unknown[];
  readonly aggs?: Readonly<Record<string, unknown>>;
  readonly track_total_hits: boolean;
  readonly _source?: boolean;
}

export interface FoundHit {
  readonly _source?: unknown;
  readonly sort?: readonly unknown[];
}

/** An answer of `_search`. */
export interface SearchAnswer {
  /** Characters of its text. */
  readonly bytes: number;
  readonly timed_out: boolean;
  readonly _shards: { readonly total: number; readonly failed: number; readonly failures?: readonly { readonly reason?: unknown }[] };
  readonly hits: { readonly total?: { readonly value: number }; readonly hits: readonly FoundHit[] };
  readonly aggregations?: Readonly<Record<string, unknown>>;
}

/** The server refuses a search as it is asked: it is too complex for it. Something simpler may do; else there is no answer. */
export class SearchRefused extends MeniscusError {
  constructor(why: string) {
    super('unavailable', `the server that is searched refuses the search: ${why}`);
  }
}

export interface Limits {
  /** Aborts: nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** For the server's search; then it answers what it has. */
  readonly timeMs: number;
}

/** A cluster as searches see it. */
export class SearchServer {
  private readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /**
   * Searches the indexes behind an alias; one that does not exist has nothing. Throws SearchRefused, AnswerTooLarge, the signal's reason, and `unavailable` when the server is away or
   * does not answer in time.
   */
  async search(alias: string, body: SearchBody, { signal, timeMs }: Limits): Promise<SearchAnswer> {
    const path = `/${encodeURIComponent(alias)}/_search?${PARAMETERS}`;
    const end = performance.now() + timeMs;
    for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
      const timeout = Math.max(1, Math.round(end - performance.now()));
      const sent = JSON.stringify({ ...body, timeout: `${timeout}ms` });
      const answer = await this.send(path, sent, signal, AbortSignal.timeout(timeout + GRACE_MS));
      const read = answer.status === 200 ? successOf(answer) : undefined;
      const isNew = read === undefined ? isStarting(answer) : read._shards.failed > 0;
      if (isNew && pause <= LAST_PAUSE_MS && performance.now() + pause < end) await sleep(pause, undefined, { signal }).catch(() => {});
      else return read ?? refuse(answer);
      signal.throwIfAborted();
    }
  }

  async close(): Promise<void> {
    await this.cluster.close();
  }

  private async send(path: string, body: string, signal: AbortSignal, late: AbortSignal): Promise<ServerAnswer> {
    try {
      return await this.cluster.post(path, body, AbortSignal.any([signal, late]));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AnswerTooLarge) throw error;
      throw away(late.aborted ? 'it has not answered in time' : (codeOf(error) ?? 'no node can be reached'), error);
    }
  }
}

function away(why: string, cause?: unknown): MeniscusError {
  return new MeniscusError('unavailable', `the server that is searched is away: ${why}`, { retryAfter: RETRY_AFTER, cause });
}

function successOf({ text }: ServerAnswer): SearchAnswer {
  const answer: SearchAnswer = { ...(parseAnswer(text) as SearchAnswer), bytes: text.length };
  const { failed, failures } = answer._shards;
  if (failed > 0 && isTooComplex(400, JSON.stringify(failures ?? []))) throw new SearchRefused('too complex for some shards');
  return answer;
}

/** No shard can be searched: an index that was just made answers so. */
function isStarting(answer: ServerAnswer): boolean {
  return answer.status === 503 && errorOf(answer.text).type === 'search_phase_execution_exception';
}

function refuse({ status, text }: ServerAnswer): never {
  const { type, reason } = errorOf(text);
  if (isTooComplex(status, text)) throw new SearchRefused(reason);
  if (AWAY.has(status)) throw away(`it answers ${status}${type === '' ? '' : ` (${type})`}`);
  throw new SearchRefused(`${status} ${type}: ${reason}`);
}

/** What servers say of queries that are too large for them; some do so with 500. */
function isTooComplex(status: number, text: string): boolean {
  if (status !== 400 && status !== 500) return false;
  return /too_complex|TooComplex|too_many_clauses|too_many_nested|TooManyClauses|maxClauseCount|max_clause|nested depth|determiniz|too_long_regex|max_regex_length|expensive queries/i.test(
    text,
  );
}

function errorOf(text: string): { readonly type: string; readonly reason: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { root_cause?: { type?: string; reason?: string }[]; type?: string; reason?: string } };
    const { type = '', reason = '' } = error?.root_cause?.[0] ?? error ?? {};
    return { type, reason: reason.slice(0, 500) };
  } catch {
    return { type: '', reason: '' };
  }
}
