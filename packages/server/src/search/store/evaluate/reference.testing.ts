import { compilePredicate, type Query, type QueryEvent } from '@meniscus/query';
import { formatEventId } from '../../../event/event-id.ts';
import { NumberText } from '../../../event/leaf.ts';
import type { TestEvent } from '../memory-store.testing.ts';

/** The id of the event that came as number `i`: positions of the queue are 1,000 and on, node and shard 0. */
export function idAt(events: readonly TestEvent[], i: number): string {
  const { received, time } = events[i]!;
  return formatEventId(Math.floor((received ?? time) / 1000), 0, 0, 1_000 + i);
}

/** The events of the tenant `acme` that the reference semantics select, with their ids. */
export function selectedByReference(events: readonly TestEvent[], query: Query): { readonly event: TestEvent; readonly id: string }[] {
  const predicate = compilePredicate(query);
  return events
    .map((event, i) => ({ event, id: idAt(events, i) }))
    .filter(({ event, id }) => {
      const parts = { native: asQueried(event.native), normalized: asQueried(event.normalized) };
      return predicate({ ...event, ...parts, tenant: 'acme', id } as QueryEvent);
    });
}

/** Number texts as the predicate knows them. */
function asQueried(value: unknown): unknown {
  if (value instanceof NumberText) return BigInt(value.text);
  if (Array.isArray(value)) return value.map(asQueried);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, child] of Object.entries(value)) copy[key] = asQueried(child);
  return copy;
}
