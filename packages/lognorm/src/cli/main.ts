/** `lognormalizer`, compatible with the native tool. */
import { writeFileSync } from 'node:fs';
import { encodeText, toBytes } from '../bytes.ts';
import { formatDiagnostic, RulebaseLoadError } from '../errors.ts';
import type { Diagnostic } from '../errors.ts';
import { loadRulebaseSync } from '../load.ts';
import type { Rulebase } from '../rulebase.ts';
import { fileSystemReader } from '../rulebase/source.ts';
import { VERSION } from '../version.ts';
import { dotOf, statisticsOf, textOf, usageDotOf, usageOf } from './graph-output.ts';
import type { Usage } from './graph-output.ts';
import { Normalizer } from './normalize.ts';
import { parseArguments, USAGE, UsageProblem } from './options.ts';
import type { CliOptions } from './options.ts';
import { Output, OutputClosed, writeFully } from './output.ts';

/** The file descriptors that the command works with. */
export interface Streams {
  stdin: number;
  stdout: number;
  stderr: number;
}

const STANDARD: Streams = { stdin: 0, stdout: 1, stderr: 2 };

/** Runs the command and returns its exit code. */
export function main(argv: readonly string[], streams: Streams = STANDARD): number {
  return new Command(streams).main(argv);
}

class Command {
  private readonly streams: Streams;

  constructor(streams: Streams) {
    this.streams = streams;
  }

  private message(text: string): void {
    writeFully(this.streams.stderr, toBytes(encodeText(text)));
  }

  main(argv: readonly string[]): number {
    try {
      return this.run(parseArguments(argv));
    } catch (error) {
      if (error instanceof OutputClosed) return 0;
      if (!(error instanceof UsageProblem)) throw error;
      if (error.message === 'version') this.message(`lognormalizer version: ${VERSION} (TypeScript)\n`);
      else if (error.message !== '') this.message(`${error.message}\n`);
      if (error.showUsage) this.message(USAGE);
      return 1;
    }
  }

  private run(options: CliOptions): number {
    const rulebase = this.load(options);
    if (rulebase === undefined) return 1;
    if (options.verbosity >= 3) writeFully(this.streams.stderr, toBytes(textOf(rulebase.engine)));
    if (options.dot !== undefined) {
      writeFileSync(options.dot, toBytes(dotOf(rulebase.engine)));
      return 1;
    }
    const normalizer = new Normalizer(rulebase, options, new Output(this.streams.stdout), this.streams.stderr);
    normalizer.run(this.streams.stdin);
    writeStatistics(rulebase, options);
    this.message(normalizer.summary());
    if (rulebase.limitedLines > 0) this.message(`${rulebase.limitedLines} lines stopped by the work limit, counted as unparsed\n`);
    return 0;
  }

  private load(options: CliOptions): Rulebase | undefined {
    const { addOriginalMsg, addRule, addRuleLocation, allowRegex } = options;
    const recordUsage = options.extendedStatistics !== undefined || options.statisticsDot !== undefined;
    const source = options.rulebase ?? { rules: options.rules! };
    const loadOptions = { addOriginalMsg, addRule, addRuleLocation, allowRegex, recordUsage, readFile: fileSystemReader };
    try {
      const rulebase = loadRulebaseSync(source, loadOptions);
      this.reportAll(rulebase.diagnostics);
      return rulebase;
    } catch (error) {
      if (!(error instanceof RulebaseLoadError)) throw error;
      this.reportAll(error.diagnostics);
      this.message('fatal error: cannot load rulebase\n');
      return undefined;
    }
  }

  private reportAll(diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) this.message(`${formatDiagnostic(diagnostic)}\n`);
  }
}

function writeStatistics(rulebase: Rulebase, options: CliOptions): void {
  const { engine } = rulebase;
  const usage: Usage = (engine.version === 2 ? engine.usage : undefined) ?? new Map();
  if (options.statistics !== undefined) writeFileSync(options.statistics, statisticsOf(engine));
  if (options.extendedStatistics !== undefined) {
    writeFileSync(options.extendedStatistics, toBytes(statisticsOf(engine) + usageOf(engine, usage)));
  }
  if (options.statisticsDot !== undefined) writeFileSync(options.statisticsDot, toBytes(usageDotOf(engine, usage)));
}
