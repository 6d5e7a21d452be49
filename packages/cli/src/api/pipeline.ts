/** `GET /v1/pipeline`, as far as it is read here. */
export interface Pipeline {
  readonly sources: readonly PipelineSource[];
  readonly queue: {
    readonly bytes: number;
    readonly age_seconds: number;
    readonly full: string | null;
    readonly warnings?: readonly string[];
    readonly shards?: readonly { readonly quarantined?: number; readonly torn_bytes?: number }[];
  };
  readonly sinks: readonly PipelineSink[];
  readonly dead_letters?: { readonly kept: number; readonly dropped: number };
}

export interface PipelineSource {
  readonly type: string;
  readonly name?: string;
  readonly tenant?: string;
  readonly tcp?: string;
  readonly udp?: string;
  readonly events: number;
  readonly bytes: number;
  readonly refused?: Readonly<Record<string, number>>;
  readonly connections?: number;
  readonly kernel_drops?: number;
  readonly congestion_drops?: number;
}

export interface PipelineSink {
  readonly name: string;
  readonly type: string;
  readonly lag: { readonly events: number; readonly bytes: number; readonly seconds: number | null };
  readonly retries: number;
  readonly last_error: { readonly time: string; readonly text: string } | null;
  readonly since_ok?: string | null;
  /** Not of the store. */
  readonly events?: number;
  readonly refused?: number;
}

/** Adds up what the threads tell of the same listener. */
export function mergedSources(sources: readonly PipelineSource[]): PipelineSource[] {
  const merged = new Map<string, PipelineSource>();
  for (const source of sources) {
    const key = JSON.stringify([source.type, source.name, source.tenant, source.tcp, source.udp]);
    const before = merged.get(key);
    merged.set(key, before === undefined ? source : sum(before, source));
  }
  return [...merged.values()];
}

function sum(a: PipelineSource, b: PipelineSource): PipelineSource {
  const refused = new Map(Object.entries(a.refused ?? {}));
  for (const [reason, n] of Object.entries(b.refused ?? {})) refused.set(reason, (refused.get(reason) ?? 0) + n);
  return {
    ...a,
    events: a.events + b.events,
    bytes: a.bytes + b.bytes,
    refused: Object.fromEntries(refused),
    connections: (a.connections ?? 0) + (b.connections ?? 0),
    kernel_drops: (a.kernel_drops ?? 0) + (b.kernel_drops ?? 0),
    congestion_drops: (a.congestion_drops ?? 0) + (b.congestion_drops ?? 0),
  };
}
