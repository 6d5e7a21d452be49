import { StoreSink, type StoreSinkParts } from './store/store-sink.ts';

/** Every sink of this build, by its name. Adding one is a folder and a line here. */
export const sinks = {
  /** The embedded store, which is always there. */
  store: (parts: StoreSinkParts): StoreSink => new StoreSink(parts),
} as const;

export type SinkName = keyof typeof sinks;

/** The names that producers and `default_sinks` may use. */
export const sinkNames = Object.keys(sinks) as SinkName[];
