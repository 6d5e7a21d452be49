import { Worker } from 'node:worker_threads';
import { MeniscusError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { RulebaseJob, RulebaseOutcome } from './messages.ts';

const PROGRAM = new URL('./rulebase-thread.ts', import.meta.url);
const HEAP_MIB = 512;
/** A thread without work ends after this time. */
const IDLE_MS = 60_000;

/** Runs rulebases in one thread, one after the other; the thread starts when first needed and goes when it has been idle. */
export class RulebaseRunner {
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private readonly waiting = new Map<number, number>();
  private queued = 0;
  private readonly deadlineMs: number;

  constructor(deadlineMs: number = limits.rulebaseTestMs) {
    this.deadlineMs = deadlineMs;
  }

  /**
   * The answer as JSON. Throws bad_rulebase with the errors of the rulebase, limit_exceeded when it takes too long or too much memory, too_many_requests when too
   * many wait.
   */
  async run(tenant: number, job: RulebaseJob): Promise<string> {
    const ofTenant = this.waiting.get(tenant) ?? 0;
    if (this.queued >= limits.rulebaseTestsQueued || 2 * ofTenant >= limits.rulebaseTestsQueued)
      throw new MeniscusError('too_many_requests', 'too many rulebases are being tested', { retryAfter: 1 });
    this.queued++;
    this.waiting.set(tenant, ofTenant + 1);
    const turn = this.last.then(() => this.runNow(job));
    this.last = turn.catch(() => {});
    try {
      return answerOf(await turn);
    } finally {
      this.leave(tenant);
    }
  }

  private leave(tenant: number): void {
    this.queued--;
    const rest = this.waiting.get(tenant)! - 1;
    if (rest === 0) this.waiting.delete(tenant);
    else this.waiting.set(tenant, rest);
  }

  private async runNow(job: RulebaseJob): Promise<RulebaseOutcome> {
    clearTimeout(this.idle);
    const worker = (this.worker ??= this.start());
    const { promise, resolve, reject } = Promise.withResolvers<RulebaseOutcome>();
    const tooLong = (): void => reject(new MeniscusError('limit_exceeded', `a rulebase may work for ${this.deadlineMs} milliseconds`));
    const deadline = setTimeout(tooLong, this.deadlineMs);
    const failed = (error: unknown): void => reject(failureOf(error));
    worker.on('message', resolve).on('error', failed);
    worker.postMessage(job);
    try {
      const outcome = await promise;
      this.idle = setTimeout(() => this.end(), IDLE_MS).unref();
      return outcome;
    } catch (error) {
      this.end();
      throw error;
    } finally {
      clearTimeout(deadline);
      worker.off('message', resolve).off('error', failed);
    }
  }

  /** It does not keep the process alive: jobs do, by their deadline. */
  private start(): Worker {
    const worker = new Worker(PROGRAM, { name: 'rulebases', resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB } });
    worker.unref();
    // An error between jobs, or after a deadline: the next job has a new thread.
    worker.on('error', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    return worker;
  }

  private end(): void {
    void this.worker?.terminate();
    this.worker = undefined;
  }
}

function failureOf(error: unknown): unknown {
  const { code } = error as { readonly code?: unknown };
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? new MeniscusError('limit_exceeded', `a rulebase may use ${HEAP_MIB} MiB of memory`) : error;
}

function answerOf(outcome: RulebaseOutcome): string {
  if (outcome.kind === 'done') return outcome.answer;
  if (outcome.kind === 'too-much')
    throw new MeniscusError('limit_exceeded', `results may have at most ${limits.rulebaseTestResultBytes} bytes: send fewer lines`);
  const { count, errors } = outcome;
  throw new MeniscusError('bad_rulebase', count === 1 ? 'it has an error' : `it has ${count} errors`, { errors });
}
