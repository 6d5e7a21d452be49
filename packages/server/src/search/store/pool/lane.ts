import { MeniscusError } from '../../../errors.ts';

export interface LaneLimits {
  /** Jobs waiting, in all and of one tenant. */
  readonly queued: number;
  readonly queuedOfTenant: number;
}

/** What waits or runs in a lane. */
export interface LaneJob {
  readonly tenant: number;
}

/**
 * Jobs that wait for a place, fair among tenants: the tenants take turns, whatever each of them has waiting. Bounded: one job too many is
 * refused.
 */
export class Lane<Job extends LaneJob> {
  private readonly limits: LaneLimits;
  /** By tenant, in the order of their turns. */
  private readonly waiting = new Map<number, Job[]>();
  private count = 0;

  constructor(limits: LaneLimits) {
    this.limits = limits;
  }

  get size(): number {
    return this.count;
  }

  /** Throws too_many_requests. */
  add(job: Job): void {
    const mine = this.waiting.get(job.tenant) ?? [];
    const { queued, queuedOfTenant } = this.limits;
    if (this.count >= queued || mine.length >= queuedOfTenant)
      throw new MeniscusError('too_many_requests', `${Math.max(this.count, mine.length)} searches wait already`, { retryAfter: 1 });
    mine.push(job);
    this.waiting.set(job.tenant, mine);
    this.count++;
  }

  /** Puts a job that had a place back to the front of its tenant's, beyond all limits. */
  putBack(job: Job): void {
    this.waiting.set(job.tenant, [job, ...(this.waiting.get(job.tenant) ?? [])]);
    this.count++;
  }

  /** The next job of the tenant whose turn it is, of those tenants that may have another place. */
  take(mayRun: (tenant: number) => boolean): Job | undefined {
    for (const [tenant, jobs] of this.waiting) {
      if (!mayRun(tenant)) continue;
      const job = jobs.shift()!;
      this.waiting.delete(tenant);
      if (jobs.length > 0) this.waiting.set(tenant, jobs);
      this.count--;
      return job;
    }
    return undefined;
  }

  /** Takes a job out; false when it does not wait. */
  remove(job: Job): boolean {
    const jobs = this.waiting.get(job.tenant);
    const at = jobs?.indexOf(job) ?? -1;
    if (jobs === undefined || at < 0) return false;
    jobs.splice(at, 1);
    if (jobs.length === 0) this.waiting.delete(job.tenant);
    this.count--;
    return true;
  }

  *[Symbol.iterator](): IterableIterator<Job> {
    for (const jobs of this.waiting.values()) yield* jobs;
  }
}
