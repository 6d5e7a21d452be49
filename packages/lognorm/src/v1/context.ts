/** What the fields of a v1 rulebase may need besides their own parameters. */
import type { Reporter } from '../rulebase/reporter.ts';
import type { FileReader } from '../rulebase/source.ts';
import type { Budget } from './match.ts';
import type { V1Program } from './program.ts';

export interface V1Context {
  /** The rulebase being loaded: what `recursive` fields refer to. */
  program: V1Program;
  reporter: Reporter;
  readFile: FileReader;
  allowRegex: boolean;
  budget: Budget;
  /** Rulebases of `descent` fields by file name, also unfinished ones; null for those that cannot be used. */
  descents: Map<string, V1Program | null>;
  /** Loads a rulebase for a `descent` field; undefined when it cannot be read. */
  loadDescent(name: string, context: V1Context): V1Program | null;
  /** Nesting of `descent` files. */
  depth: number;
}
