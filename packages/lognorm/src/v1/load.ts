/** Loads the rulebase files of `descent` fields. */
import { LIMITS } from '../limits.ts';
import { Annotations } from '../rulebase/annotations.ts';
import { DirectiveReader } from '../rulebase/directives.ts';
import { readSource, VERSION_LINE } from '../rulebase/source.ts';
import { V1Builder } from './build.ts';
import type { V1Context } from './context.ts';
import { V1Program } from './program.ts';

/** The program of another rulebase file; null when it cannot be read, is v2, or is nested too deep. */
export function loadDescent(name: string, parent: V1Context): V1Program | null {
  const known = parent.descents.get(name);
  if (known !== undefined) return known;
  const text = parent.depth >= LIMITS.includeDepth ? undefined : readSource(parent.readFile, name);
  if (text === undefined || text === '' || text.startsWith(VERSION_LINE)) {
    parent.descents.set(name, null);
    return null;
  }
  const program = new V1Program();
  parent.descents.set(name, program);
  const { reporter } = parent;
  const { file, line } = reporter;
  const annotations = new Annotations();
  const context: V1Context = { ...parent, program, depth: parent.depth + 1 };
  new DirectiveReader(new V1Builder(context), annotations, reporter, parent.readFile).readFileText(name, text);
  program.finish(annotations);
  reporter.file = file;
  reporter.line = line;
  return program;
}
