import { filePath, plainObject } from '../../config/kinds.ts';
import type { SinkKind } from '../writer.ts';

export interface ModuleSettings {
  /** Absolute. */
  readonly module: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A sink of the operator's own: a JavaScript or TypeScript module that exports `createWriter`. */
export const moduleKind: SinkKind<ModuleSettings> = {
  type: 'module',
  text: 'A sink of your own: a module that exports `createWriter(settings, context)`.',
  settings: {
    module: { kind: filePath, text: 'The file of the module.' },
    settings: { kind: plainObject, default: {}, secret: true, text: 'What the module is given.' },
  },
  batch: { maxEvents: 1_000, maxBytes: 4 << 20, maxAgeMs: 1_000 },
  load: () => import('./writer.ts'),
};
