import type { TenantChange, TenantView } from '../../control/tenant.ts';

/** A thread's mirror of the tenants: what authentication and correlation need, without a network or another thread. */
export class Directory {
  /** Counts changes; caches made from look-ups are valid while it is the same. */
  version = 0;
  private readonly byId = new Map<string, TenantView>();
  private readonly byNumber = new Map<number, TenantView>();

  apply(changes: readonly TenantChange[]): void {
    for (const change of changes) {
      if (change.type === 'put') this.put(change.tenant);
      else this.remove(change.number);
    }
    this.version++;
  }

  get(id: string): TenantView | undefined {
    return this.byId.get(id);
  }

  numbered(number: number): TenantView | undefined {
    return this.byNumber.get(number);
  }

  private put(tenant: TenantView): void {
    this.byId.set(tenant.id, tenant);
    this.byNumber.set(tenant.number, tenant);
  }

  private remove(number: number): void {
    const tenant = this.byNumber.get(number);
    if (tenant === undefined) return;
    this.byNumber.delete(number);
    if (this.byId.get(tenant.id)?.number === number) this.byId.delete(tenant.id);
  }
}
