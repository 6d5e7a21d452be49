import { SegmentFile } from '../segment/segment-file.ts';
import { segmentName, type SegmentName } from '../segment/names.ts';
import type { Catalog, CatalogEntry, Report } from './catalog.ts';
import type { IsDead } from './merge.ts';
import type { Tenants } from './tenants.ts';

/** A segment is rewritten when so much of it is past retention, or after so long in any case. */
const DEAD_SHARE = 0.2;
const DEAD_MICROS = 86_400_000_000;

/** What to do about a segment: remove it, or write it anew without what is dead. */
export interface Rewrite {
  readonly entry: CatalogEntry;
  /** Undefined: nothing in it is alive. */
  readonly output: SegmentName | undefined;
}

/** Which blocks are dead now. */
export function deadNow(tenants: Tenants, nowMs: number): IsDead {
  return ({ tenant, maxReceived }) => tenants.isGone(tenant) || maxReceived < tenants.cutoff(tenant, nowMs);
}

/** How much of a segment is dead, and since when (microseconds ago) the longest. */
function deadPart(catalog: Catalog, { name }: CatalogEntry, tenants: Tenants, nowMs: number) {
  const file = new SegmentFile(catalog.directory, name);
  try {
    const isDead = deadNow(tenants, nowMs);
    const part = { all: 0, dead: 0, gone: false, longest: 0 };
    for (const entry of file.readIndex().entries()) {
      const bytes = entry.length + entry.filterLength;
      part.all += bytes;
      if (!isDead(entry)) continue;
      part.dead += bytes;
      if (tenants.isGone(entry.tenant)) part.gone = true;
      else part.longest = Math.max(part.longest, tenants.cutoff(entry.tenant, nowMs) - entry.maxReceived);
    }
    return part;
  } finally {
    file.close();
  }
}

/**
 * Looks through the segments, oldest first, for one to be removed or rewritten: all of it is dead, or a fifth of it is past retention, or some has been for
 * a day, or a tenant in it was removed. Segments in `looked` are passed over, those looked at are added. The newest segment of a shard is never removed but at most emptied, since its name says what is covered.
 */
export function planRewrite(
  catalog: Catalog,
  entries: readonly CatalogEntry[],
  tenants: Tenants,
  nowMs: number,
  someTenantGone: boolean,
  looked: Set<string>,
  report: Report,
): Rewrite | undefined {
  const latest = tenants.latestCutoff(nowMs);
  for (const entry of entries) {
    if (looked.has(entry.name.name)) continue;
    looked.add(entry.name.name);
    if (entry.footer.rows === 0 || (!someTenantGone && !(entry.footer.minReceived < latest))) continue;
    try {
      const { all, dead, gone, longest } = deadPart(catalog, entry, tenants, nowMs);
      const { shard, from, to, generation } = entry.name;
      const keepsName = to === catalog.covered(shard);
      if (dead === all && !keepsName) return { entry, output: undefined };
      if (dead > 0 && (dead === all || gone || dead / all >= DEAD_SHARE || longest >= DEAD_MICROS)) {
        return { entry, output: segmentName(shard, from, to, generation + 1) };
      }
    } catch (error) {
      report(`cannot look for expired events in the segment ${entry.name.name}`, error);
    }
  }
  return undefined;
}
