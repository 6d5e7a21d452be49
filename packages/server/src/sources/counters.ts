import type { SourceCounters } from './source.ts';

export function newCounters(): SourceCounters {
  return {
    events: 0,
    bytes: 0,
    refused: new Map(),
    parseErrors: 0,
    truncated: 0,
    emptyFrames: 0,
    connections: 0,
    kernelDrops: 0,
    congestionDrops: 0,
  };
}

export function countRefused(counters: SourceCounters, reason: string, by = 1): void {
  counters.refused.set(reason, (counters.refused.get(reason) ?? 0) + by);
}
