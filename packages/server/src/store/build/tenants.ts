import type { TenantChange } from '../../control/tenant.ts';

/**
 * What the build thread knows of tenants: whose events to drop and how long to keep the others'. The first update holds all tenants there are;
 * until it has come nobody is taken for removed.
 */
export class Tenants {
  private readonly retention = new Map<number, number>();
  private readonly removed = new Set<number>();
  /** Highest number of the first update: a lower one that was not in it belonged to a tenant removed before. */
  private highest: number | undefined;

  get loaded(): boolean {
    return this.highest !== undefined;
  }

  apply(changes: readonly TenantChange[]): void {
    for (const change of changes) {
      if (change.type === 'remove') {
        this.removed.add(change.number);
        this.retention.delete(change.number);
      } else this.retention.set(change.tenant.number, change.tenant.settings.retention_days);
    }
    if (this.highest === undefined) {
      this.highest = -1;
      for (const number of this.retention.keys()) this.highest = Math.max(this.highest, number);
    }
  }

  /** True when the tenant was removed. A number that is not known yet is a new tenant's: updates and events come on different ways. */
  isGone(tenant: number): boolean {
    if (this.removed.has(tenant)) return true;
    return this.highest !== undefined && tenant <= this.highest && !this.retention.has(tenant);
  }

  /** Events of the tenant received before this (microseconds) are past retention. */
  cutoff(tenant: number, nowMs: number): number {
    const days = this.retention.get(tenant);
    return days === undefined ? -Infinity : (nowMs - days * 86_400_000) * 1000;
  }

  /** Nothing received after this is past anyone's retention. */
  latestCutoff(nowMs: number): number {
    let days = Infinity;
    for (const each of this.retention.values()) days = Math.min(days, each);
    return (nowMs - days * 86_400_000) * 1000;
  }
}
