import type { Job } from './jobs.ts';
import type { ThreadHandle } from './thread-handle.ts';

/** Jobs that a thread works on side by side. Exports have places of their own: they take long, and mostly wait for their readers. */
export const PLACES = { search: 4, export: 4 } as const;

type Kind = Job['kind'];

/** Who runs where. */
export class Places {
  private readonly jobs = new Map<ThreadHandle, Set<Job>>();

  add(thread: ThreadHandle): void {
    this.jobs.set(thread, new Set());
  }

  /** The jobs of a thread that is no more. */
  remove(thread: ThreadHandle): Job[] {
    const jobs = [...(this.jobs.get(thread) ?? [])];
    this.jobs.delete(thread);
    return jobs;
  }

  get threads(): readonly ThreadHandle[] {
    return [...this.jobs.keys()];
  }

  of(thread: ThreadHandle): ReadonlySet<Job> {
    return this.jobs.get(thread) ?? new Set();
  }

  take(job: Job, thread: ThreadHandle): void {
    job.thread = thread;
    this.jobs.get(thread)!.add(job);
  }

  free(job: Job): void {
    if (job.thread !== undefined) this.jobs.get(job.thread)?.delete(job);
    job.thread = undefined;
  }

  /** The ready thread with the fewest jobs that has a place for one more of the kind. */
  idlest(kind: Kind): ThreadHandle | undefined {
    let best: ThreadHandle | undefined;
    for (const [thread, jobs] of this.jobs) {
      if (!thread.ready || count(jobs, kind) >= PLACES[kind]) continue;
      if (best === undefined || jobs.size < this.jobs.get(best)!.size) best = thread;
    }
    return best;
  }

  /** A tenant may have three quarters of the places: another one always finds a place that is soon free. */
  mayRun(kind: Kind, tenant: number): boolean {
    const places = this.jobs.size * PLACES[kind];
    let mine = 0;
    for (const jobs of this.jobs.values()) for (const job of jobs) if (job.kind === kind && job.tenant === tenant) mine++;
    return mine < Math.max(1, Math.floor(places * 0.75));
  }
}

function count(jobs: ReadonlySet<Job>, kind: Kind): number {
  let count = 0;
  for (const job of jobs) if (job.kind === kind) count++;
  return count;
}
