import { MeniscusError } from '../errors.ts';

interface Waiter {
  readonly owner: number;
  readonly bytes: number;
  readonly resolve: () => void;
}

/**
 * How many bytes of bodies may be in memory at once, over all and for one owner (a tenant's number): half of the whole, so that one tenant cannot keep the others out.
 * Those who wait are served in order, past an owner who has its share.
 */
export class BodyBudget {
  private readonly total: number;
  private readonly waitMs: number;
  private used = 0;
  private readonly usedBy = new Map<number, number>();
  private readonly waiters: Waiter[] = [];

  constructor(total: number, waitMs: number) {
    this.total = total;
    this.waitMs = waitMs;
  }

  /** Takes `bytes` (at most half of the total); undefined when it was there at once. Rejects with queue_full after the wait. */
  take(owner: number, bytes: number): Promise<void> | undefined {
    if (this.waiters.length === 0 && this.fits(owner, bytes)) {
      this.add(owner, bytes);
      return undefined;
    }
    return this.wait(owner, bytes);
  }

  give(owner: number, bytes: number): void {
    this.add(owner, -bytes);
    for (let i = 0; i < this.waiters.length;) {
      const waiter = this.waiters[i]!;
      if (this.fits(waiter.owner, waiter.bytes)) {
        this.waiters.splice(i, 1);
        this.add(waiter.owner, waiter.bytes);
        waiter.resolve();
      } else i++;
    }
  }

  private fits(owner: number, bytes: number): boolean {
    return this.used + bytes <= this.total && (this.usedBy.get(owner) ?? 0) + bytes <= this.total / 2;
  }

  private add(owner: number, bytes: number): void {
    this.used += bytes;
    const mine = (this.usedBy.get(owner) ?? 0) + bytes;
    if (mine === 0) this.usedBy.delete(owner);
    else this.usedBy.set(owner, mine);
  }

  private wait(owner: number, bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(new MeniscusError('queue_full', 'too many bodies are being received; try again', { retryAfter: 1 }));
      }, this.waitMs);
      const waiter: Waiter = {
        owner,
        bytes,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.waiters.push(waiter);
    });
  }
}
