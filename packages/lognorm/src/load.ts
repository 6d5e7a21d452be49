/** Loading a rulebase from a file or from text. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { byteString, encodeText } from './bytes.ts';
import { makeEventPlan } from './encode/plan.ts';
import { RulebaseLoadError } from './errors.ts';
import type { Diagnostic } from './errors.ts';
import { LIMITS } from './limits.ts';
import type { LineMatcher } from './match/captures.ts';
import { compileMatcher, isWorthCompiling } from './match/compile.ts';
import { Interpreter } from './match/interpret.ts';
import type { NodeUsage } from './match/interpret.ts';
import { mockupOf } from './match/mockup.ts';
import { makeProgram } from './match/program.ts';
import { Rulebase } from './rulebase.ts';
import { Annotations } from './rulebase/annotations.ts';
import { DirectiveReader, IncludeFailed } from './rulebase/directives.ts';
import type { RuleSink } from './rulebase/directives.ts';
import { Reporter } from './rulebase/reporter.ts';
import { fileSystemReader, NO_FILE, noFiles, readSource, VERSION_LINE } from './rulebase/source.ts';
import type { FileReader } from './rulebase/source.ts';
import { V1Builder } from './v1/build.ts';
import type { V1Context } from './v1/context.ts';
import { loadDescent } from './v1/load.ts';
import { Budget, V1Matcher } from './v1/match.ts';
import { V1Program } from './v1/program.ts';
import { V2Builder } from './v2/build.ts';
import type { Node } from './v2/graph.ts';

/**
 * Where rules come from: a file (a path or a file URL); `text`, the content of a rulebase file, whose first line decides between v1 and v2;
 * or `rules`, lines without a version line, which are v2 (what `rule=[...]` holds in rsyslog).
 */
export type RulebaseSource = string | URL | { text: string | Uint8Array; name?: string } | { rules: string | readonly string[] };

export interface LoadOptions {
  /** Add `originalmsg` to matches too. */
  addOriginalMsg?: boolean;
  /** Add `metadata.rule.mockup`, the textual rule of the match. */
  addRule?: boolean;
  /** Add `metadata.rule.location`, file and line of the rule. */
  addRuleLocation?: boolean;
  /** Allow v1 `regex` fields. JavaScript's engine backtracks without a limit: only for rulebases that you trust. */
  allowRegex?: boolean;
  /** Reads files of `include=` and `descent`. Default: the file system for a rulebase from a file, nothing for one from text. */
  readFile?: FileReader;
  /** Work a line may cost, see the README on limits. */
  workPerLine?: number;
  /** Bytes of all rules together, each with its prefix: rules beyond are reported and ignored. Bounds the time and memory of loading a stranger's text. */
  maxRuleBytes?: number;
  /** False: never generate code, always interpret. Without it, code is generated where the runtime permits and the size makes it worth while. */
  codeGeneration?: boolean;
  /** Count the use of graph nodes, for the statistics of the command line; implies interpretation. */
  recordUsage?: boolean;
}

/** Loads a rulebase. Rejects with a `RulebaseLoadError` when the file cannot be read, is empty, or an include fails; all else is a diagnostic. */
export async function loadRulebase(source: RulebaseSource, options: LoadOptions = {}): Promise<Rulebase> {
  if (typeof source !== 'string' && !(source instanceof URL)) return loadFromText(source, options);
  const path = typeof source === 'string' ? source : fileURLToPath(source);
  const text = await readFile(path).catch((error: unknown) => {
    throw loadError(path, `cannot open rulebase '${path}': ${error instanceof Error ? error.message : String(error)}`);
  });
  return loadFile(path, byteString(text), options);
}

/** The same without waiting; reads the file synchronously. */
export function loadRulebaseSync(source: RulebaseSource, options: LoadOptions = {}): Rulebase {
  if (typeof source !== 'string' && !(source instanceof URL)) return loadFromText(source, options);
  const path = typeof source === 'string' ? source : fileURLToPath(source);
  const text = readSource(fileSystemReader, path);
  if (text === undefined) throw loadError(path, `cannot open rulebase '${path}'`);
  return loadFile(path, text, options);
}

function loadFile(name: string, text: string, options: LoadOptions): Rulebase {
  if (text.length > LIMITS.rulebaseBytes) throw loadError(name, `rulebase is larger than ${LIMITS.rulebaseBytes} bytes`);
  if (text === '') throw loadError(name, `error determining version of ${name}: the file is empty`);
  return load(name, text, true, { readFile: fileSystemReader, ...options });
}

function loadFromText(source: Exclude<RulebaseSource, string | URL>, options: LoadOptions): Rulebase {
  if ('rules' in source)
    return load(NO_FILE, encodeText(typeof source.rules === 'string' ? source.rules : source.rules.join('\n')), false, options);
  const text = typeof source.text === 'string' ? encodeText(source.text) : byteString(source.text);
  return load(source.name ?? NO_FILE, text, true, options);
}

function loadError(file: string, message: string, diagnostics: readonly Diagnostic[] = []): RulebaseLoadError {
  const failure: Diagnostic = { code: 'load-failed', severity: 'error', file, line: 0, message };
  return new RulebaseLoadError(message, [...diagnostics, failure]);
}

function load(name: string, text: string, isFile: boolean, options: LoadOptions): Rulebase {
  const loader = new Loader(name, options);
  const isV2 = !isFile || text.startsWith(VERSION_LINE);
  return isV2 ? loader.v2(text, isFile) : loader.v1(text);
}

/** One loading. */
class Loader {
  private readonly name: string;
  private readonly options: LoadOptions;
  private readonly reporter = new Reporter();
  private readonly annotations = new Annotations();

  constructor(name: string, options: LoadOptions) {
    this.name = name;
    this.options = options;
    this.reporter.file = name;
  }

  v2(text: string, isFile: boolean): Rulebase {
    const { annotations, options, reporter } = this;
    const builder = new V2Builder(reporter);
    this.read(builder, text, isFile);
    const program = makeProgram(builder);
    const { fields, terminals, topNames } = program;
    const usage = options.recordUsage === true ? new Map<Node, NodeUsage>() : undefined;
    const { workPerLine } = this;
    const tracer = new Interpreter(program, { workPerLine, recordPath: true });
    const plan = makeEventPlan({
      fields,
      terminals,
      topNames,
      annotations,
      addOriginalMsg: options.addOriginalMsg === true,
      addRuleLocation: options.addRuleLocation === true,
      mockup:
        options.addRule === true
          ? (outcome) => {
              tracer.run(outcome.line, outcome.from, outcome.end);
              return mockupOf(tracer.path.toReversed());
            }
          : undefined,
    });
    const mayCompile = options.codeGeneration !== false && usage === undefined && isWorthCompiling(program);
    const compiled = mayCompile ? this.compiled(() => compileMatcher(program, workPerLine)) : undefined;
    const matcher = compiled ?? new Interpreter(program, { workPerLine, usage });
    const engine = { version: 2, program, builder, usage } as const;
    return new Rulebase({ version: 2, matcher, plan, reporter, engine, compiled: compiled !== undefined });
  }

  v1(text: string): Rulebase {
    const { annotations, options, reporter } = this;
    const program = new V1Program();
    const budget = new Budget();
    const context: V1Context = {
      program,
      reporter,
      readFile: options.readFile ?? noFiles,
      allowRegex: options.allowRegex === true,
      budget,
      descents: new Map(),
      loadDescent,
      depth: 0,
    };
    const builder = new V1Builder(context);
    this.read(builder, text, true);
    program.finish(annotations);
    const matcher = new V1Matcher(program, budget, this.workPerLine);
    return new Rulebase({ version: 1, matcher, plan: program.plan, reporter, engine: { version: 1, program, builder }, compiled: false });
  }

  private get workPerLine(): number {
    return this.options.workPerLine ?? LIMITS.workPerLine;
  }

  private read(sink: RuleSink, text: string, isFile: boolean): void {
    const { annotations, reporter } = this;
    const reader = new DirectiveReader(sink, annotations, reporter, this.options.readFile ?? noFiles, this.options.maxRuleBytes);
    try {
      if (isFile) reader.readFileText(this.name, text);
      else reader.readRules(this.name, text);
    } catch (error) {
      if (!(error instanceof IncludeFailed)) throw error;
      throw loadError(this.name, `cannot load rulebase: ${error.message}`, reporter.diagnostics);
    }
  }

  /** Generated code, or undefined where the runtime forbids it. */
  private compiled(compile: () => LineMatcher): LineMatcher | undefined {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      this.reporter.line = 0;
      this.reporter.report('no-code-generation', 'this runtime forbids code generation: the rulebase is interpreted, which is slower');
      return undefined;
    }
  }
}
