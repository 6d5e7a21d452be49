import { path } from '../../config/kinds.ts';
import type { SinkKind } from '../writer.ts';

export interface FileSettings {
  readonly directory: string;
}

/** Documents in files of newline-delimited JSON: an archive, from which nothing is ever deleted. */
export const fileKind: SinkKind<FileSettings> = {
  type: 'file',
  text: 'Files of newline-delimited JSON, one for each tenant and day.',
  settings: {
    directory: {
      kind: path,
      text: 'Where the files go: `<directory>/<tenant>/<yyyy-mm-dd>.ndjson`. Made when it is missing. Of one sink alone.',
    },
  },
  // A batch costs a few calls of fdatasync, so it may wait a second for more events.
  batch: { maxEvents: 10_000, maxBytes: 8 << 20, maxAgeMs: 1000 },
  load: () => import('./writer.ts'),
};
