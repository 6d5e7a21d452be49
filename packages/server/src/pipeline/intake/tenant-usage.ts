export interface UsageCounts {
  accepted: number;
  bytesIn: number;
  rejected: number;
}

/** Counts per tenant since they were taken last: a thread reports them every second. */
export class TenantUsage {
  private counts = new Map<number, UsageCounts>();
  /** Events of one sender come in runs: the last tenant's counts are at hand. */
  private lastTenant = -1;
  private last: UsageCounts = { accepted: 0, bytesIn: 0, rejected: 0 };

  add(tenant: number, bytes: number): void {
    const counts = this.of(tenant);
    counts.accepted++;
    counts.bytesIn += bytes;
  }

  reject(tenant: number, events = 1): void {
    this.of(tenant).rejected += events;
  }

  take(): ReadonlyMap<number, UsageCounts> {
    const counts = this.counts;
    this.counts = new Map();
    this.lastTenant = -1;
    return counts;
  }

  private of(tenant: number): UsageCounts {
    if (tenant === this.lastTenant) return this.last;
    let counts = this.counts.get(tenant);
    if (counts === undefined) this.counts.set(tenant, (counts = { accepted: 0, bytesIn: 0, rejected: 0 }));
    this.lastTenant = tenant;
    this.last = counts;
    return counts;
  }
}
