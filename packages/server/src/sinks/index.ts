import { elasticsearchKind } from './elasticsearch/kind.ts';
import { fileKind } from './file/kind.ts';
import { hdfsKind } from './hdfs/kind.ts';
import { httpKind } from './http/kind.ts';
import { moduleKind } from './module/kind.ts';
import { mongodbKind } from './mongodb/kind.ts';
import { syslogKind } from './syslog/kind.ts';
import type { SinkKind } from './writer.ts';

export { STORE } from '../event/store-name.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- settings differ by kind
type AnyKind = SinkKind<any>;

/** Every kind of sink of this build that is configured under `sinks`, by its `type`. Adding one is a folder and a line here. */
export const sinkKinds: Readonly<Record<string, AnyKind>> = {
  elasticsearch: elasticsearchKind,
  file: fileKind,
  hdfs: hdfsKind,
  http: httpKind,
  module: moduleKind,
  mongodb: mongodbKind,
  syslog: syslogKind,
};

export const sinkTypes: readonly string[] = Object.keys(sinkKinds);

export function sinkKind(type: string): AnyKind | undefined {
  return Object.hasOwn(sinkKinds, type) ? sinkKinds[type] : undefined;
}
