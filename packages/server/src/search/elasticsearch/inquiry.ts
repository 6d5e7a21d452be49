import type { SearchScope } from '../search.ts';
import type { Budget } from '../store/budget.ts';
import { compileQuery, STRENGTHS, type CompiledQuery } from './dsl/compile.ts';
import { SearchRefused, type SearchAnswer, type SearchBody, type SearchServer } from './server/search-server.ts';

/** The server has this share of a search's time; the rest is for looking at its documents and writing the answer. */
const SERVER_SHARE = 0.85;
/** For one page of an export, which as a whole has no deadline. */
const PAGE_MS = 60_000;

/** One search on its way: what it may ask of the server, and what became of it. */
export class Inquiry {
  readonly scope: SearchScope;
  readonly budget: Budget;
  readonly signal: AbortSignal;
  private readonly server: SearchServer;
  private readonly alias: string;

  constructor(server: SearchServer, alias: string, scope: SearchScope, budget: Budget, signal: AbortSignal) {
    this.server = server;
    this.alias = alias;
    this.scope = scope;
    this.budget = budget;
    this.signal = signal;
  }

  /** The same search in another range. */
  within(scope: SearchScope): Inquiry {
    return new Inquiry(this.server, this.alias, scope, this.budget, this.signal);
  }

  /** False when there is no time to ask for more: then the answer is partial and says so. Throws Cancelled. */
  hasTime(): boolean {
    this.budget.check();
    if (this.timeLeft() > 0) return true;
    this.lacksTime();
    return false;
  }

  /** Asks the server. Undefined: there was no time. An answer that is not whole makes that of the search partial. */
  async ask(body: SearchBody, signal = this.signal): Promise<SearchAnswer | undefined> {
    if (!this.hasTime()) return undefined;
    const answer = await this.server.search(this.alias, body, { signal, timeMs: Math.min(this.timeLeft(), PAGE_MS) });
    this.budget.check();
    if (answer.timed_out) this.lacksTime();
    const { failed, total } = answer._shards;
    if (failed > 0) this.budget.lacks(`${failed} of ${total} shards of the index failed`);
    return answer;
  }

  /** Runs a search with the query as the server takes it: what it refuses as too complex is asked for in simpler words. */
  async strongest<Result>(run: (query: CompiledQuery) => Promise<Result>, query = this.scope.query): Promise<Result> {
    let refused: SearchRefused | undefined;
    for (const strength of STRENGTHS)
      try {
        return await run(compileQuery(query, { tenantId: this.scope.tenant.id, strength }));
      } catch (error) {
        if (!(error instanceof SearchRefused)) throw error;
        refused = error;
      }
    throw refused!;
  }

  private lacksTime(): void {
    this.budget.lacks(`the deadline of ${Math.round(this.scope.deadlineMs)} ms passed before the index was searched`);
  }

  private timeLeft(): number {
    return SERVER_SHARE * this.scope.deadlineMs - this.budget.elapsedMs;
  }
}
