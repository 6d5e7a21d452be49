import type { Snapshot } from '../../../store/block.ts';
import { toPlainError } from '../../../threads/plain-error.ts';
import { answer, exporting, type ThreadTools } from '../answer.ts';
import { Budget, Cancelled } from '../budget.ts';
import type { FromQuery, ToQuery } from './messages.ts';

export interface RunnerOptions {
  /** A view of all that was acknowledged before now. */
  readonly snapshot: () => Snapshot;
  readonly tools: ThreadTools;
  readonly send: (message: FromQuery, transfer?: readonly ArrayBuffer[]) => void;
  /** Says which search has the thread, 0 for none. */
  readonly onTurn: (id: number) => void;
}

type Search = Extract<ToQuery, { type: 'search' }>;
type Export = Extract<ToQuery, { type: 'export' }>;

/** A search at work. Exports wait for credit before each piece. */
class Job {
  readonly budget: Budget;
  private credit = 0;
  private wake: (() => void) | undefined;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  cancel(): void {
    this.budget.cancel();
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
    await this.run(id, request.deadlineMs, async ({ budget }, snapshot) => {
      const json = await answer(request, snapshot, budget, this.options.tools);
      this.options.send({ type: 'answer', id, json });
    });
  }

  async export({ id, request }: Export): Promise<void> {
    await this.run(id, Infinity, async (job, snapshot) => {
      for await (const piece of exporting(request, snapshot, job.budget, this.options.tools)) {
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

  private async run(id: number, deadlineMs: number, work: (job: Job, snapshot: Snapshot) => Promise<void>): Promise<void> {
    const { send, onTurn, snapshot: take } = this.options;
    const job = new Job(new Budget({ deadlineMs, onTurn: () => onTurn(id) }));
    this.jobs.set(id, job);
    let snapshot: Snapshot | undefined;
    try {
      snapshot = take();
      await work(job, snapshot);
    } catch (error) {
      send(error instanceof Cancelled ? { type: 'ended', id } : { type: 'failed', id, error: toPlainError(error) });
    } finally {
      snapshot?.release();
      this.jobs.delete(id);
      onTurn(0);
    }
  }
}
