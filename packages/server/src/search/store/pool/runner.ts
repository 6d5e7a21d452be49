import { toPlainError } from '../../../threads/plain-error.ts';
import { Budget, Cancelled } from '../budget.ts';
import type { Searcher } from '../searcher.ts';
import type { FromQuery, ToQuery } from './messages.ts';

export interface RunnerOptions {
  readonly searcher: Searcher;
  readonly send: (message: FromQuery, transfer?: readonly ArrayBuffer[]) => void;
  /** Says which search has the thread, 0 for none. */
  readonly onTurn: (id: number) => void;
}

type Search = Extract<ToQuery, { type: 'search' }>;
type Export = Extract<ToQuery, { type: 'export' }>;

/** A search at work. Exports wait for credit before each piece. */
class Job {
  readonly budget: Budget;
  private readonly controller = new AbortController();
  private credit = 0;
  private wake: (() => void) | undefined;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  /** Aborted with Cancelled. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  cancel(): void {
    this.budget.cancel();
    this.controller.abort(new Cancelled());
    this.wake?.();
  }

  give(pieces: number): void {
    this.credit += pieces;
    this.wake?.();
  }

  /** Resolves when a piece may be sent. Throws Cancelled. */
  async takeCredit(): Promise<void> {
    while (this.credit === 0) {
      this.budget.check();
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    this.credit--;
  }
}

/** The searches of one query thread, side by side: each gives way to the others every few milliseconds. */
export class Runner {
  private readonly options: RunnerOptions;
  private readonly jobs = new Map<number, Job>();

  constructor(options: RunnerOptions) {
    this.options = options;
  }

  async search({ id, request }: Search): Promise<void> {
    await this.run(id, request.deadlineMs, async ({ budget, signal }) => {
      const json = await this.options.searcher.answer(request, budget, signal);
      this.options.send({ type: 'answer', id, json });
    });
  }

  async export({ id, request }: Export): Promise<void> {
    await this.run(id, Infinity, async (job) => {
      for await (const piece of this.options.searcher.exporting(request, job.budget, job.signal)) {
        const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
        await job.takeCredit();
        this.options.send({ type: 'piece', id, bytes }, [bytes.buffer]);
      }
      this.options.send({ type: 'ended', id });
    });
  }

  cancel(id: number): void {
    this.jobs.get(id)?.cancel();
  }

  credit(id: number, pieces: number): void {
    this.jobs.get(id)?.give(pieces);
  }

  private async run(id: number, deadlineMs: number, work: (job: Job) => Promise<void>): Promise<void> {
    const { send, onTurn } = this.options;
    const job = new Job(new Budget({ deadlineMs, onTurn: () => onTurn(id) }));
    this.jobs.set(id, job);
    try {
      await work(job);
    } catch (error) {
      send(error instanceof Cancelled ? { type: 'ended', id } : { type: 'failed', id, error: toPlainError(error) });
    } finally {
      this.jobs.delete(id);
      onTurn(0);
    }
  }
}
