/** The main loop of `lognormalizer`: line in, event out. */
import { byteString, encodeText, toBytes } from '../bytes.ts';
import type { JsonOptions } from '../encode/fast-json.ts';
import type { Outcome } from '../encode/plan.ts';
import { csvNames, writeCee, writeCsv, writeXml } from '../encode/text.ts';
import { JsonNumber } from '../json-dialect/value.ts';
import type { JsonObject } from '../json-dialect/value.ts';
import { writeObject } from '../json-dialect/write.ts';
import type { Rulebase } from '../rulebase.ts';
import { forEachLine } from './lines.ts';
import type { CliOptions } from './options.ts';
import { writeFully } from './output.ts';
import type { Output } from './output.ts';

const LINE_NUMBER_KEY = 'lognormalizer.line_nbr';

type TreeEncoder = (event: JsonObject) => string;

/** The encoder of a format that works on value trees; undefined for json and raw, which work on bytes. */
function treeEncoder(options: CliOptions): TreeEncoder | undefined {
  if (options.format === 'xml') return writeXml;
  if (options.format === 'cee-syslog') return writeCee;
  if (options.format !== 'csv') return undefined;
  const names = csvNames(encodeText(options.formatOption));
  return (event) => writeCsv(event, names);
}

export class Normalizer {
  private readonly rulebase: Rulebase;
  private readonly options: CliOptions;
  private readonly output: Output;
  private readonly stderr: number;
  private readonly encode: TreeEncoder | undefined;
  private readonly jsonOptions: JsonOptions;
  private readonly mandatoryTag: string | undefined;
  private lines = 0;
  private parsed = 0;
  private unparsed = 0;
  private wrongTag = 0;

  constructor(rulebase: Rulebase, options: CliOptions, output: Output, stderr: number) {
    this.stderr = stderr;
    this.rulebase = rulebase;
    this.options = options;
    this.output = output;
    this.encode = treeEncoder(options);
    this.jsonOptions = { tags: options.tags };
    this.mandatoryTag = options.mandatoryTag === undefined ? undefined : encodeText(options.mandatoryTag);
  }

  run(descriptor: number): void {
    const isDebug = this.options.verbosity > 0;
    forEachLine(
      descriptor,
      (bytes, from, to, clean) => {
        const outcome = clean ? this.rulebase.run(bytes, from, to) : this.rulebase.matchRange(bytes, from, to);
        if (isDebug) this.debug(outcome);
        this.line(outcome, to);
      },
      () => this.output.flush(),
    );
  }

  /** The closing messages, in the order of the native tool. */
  summary(): string {
    const { options, unparsed, parsed, wrongTag } = this;
    let text = '';
    if (options.countUnparsed && unparsed > 0) text += `${unparsed} unparsable entries\n`;
    if (wrongTag > 0) text += `${wrongTag} entries with wrong tag dropped\n`;
    if (options.summary) text += `${parsed + unparsed} records processed, ${parsed} parsed, ${unparsed} unparsed\n`;
    return text;
  }

  private line(outcome: Outcome, to: number): void {
    this.lines += 1;
    if (this.mandatoryTag !== undefined && !this.rulebase.tagsOf(outcome).includes(this.mandatoryTag)) {
      this.wrongTag += 1;
      return;
    }
    const isParsed = outcome.terminal >= 0;
    if (isParsed) this.parsed += 1;
    else this.unparsed += 1;
    const { output } = this.options;
    if (output !== 'all' && (output === 'parsed') !== isParsed) return;
    if (this.options.explain) return this.explain(outcome);
    this.print(outcome, to);
    this.output.endLine();
  }

  /** Only for lines that match no rule: those that do need no explanation. */
  private explain(outcome: Outcome): void {
    if (outcome.terminal >= 0) return;
    const line = outcome.line.slice(outcome.from, outcome.end);
    this.output.sink.appendText(encodeText(`${this.rulebase.explain(line).toString()}\n`));
    this.output.endLine();
  }

  private print(outcome: Outcome, to: number): void {
    const { sink } = this.output;
    if (this.options.format === 'raw') return sink.append(outcome.line.subarray(outcome.from, to));
    if (this.encode === undefined) {
      if (this.options.lineNumbers) this.jsonOptions.unparsedSuffix = toBytes(`, "${LINE_NUMBER_KEY}": ${this.lines}`);
      return this.rulebase.writeJson(outcome, sink, this.jsonOptions);
    }
    const event = this.rulebase.treeOf(outcome);
    if (this.options.lineNumbers && outcome.terminal < 0) event.set(LINE_NUMBER_KEY, new JsonNumber(String(this.lines), true));
    sink.appendText(this.encode(event));
  }

  private debug(outcome: Outcome): void {
    const { line, from, end } = outcome;
    const text = `To normalize: '${byteString(line, from, end)}'\nnormalized: '${writeObject(this.rulebase.treeOf(outcome))}'\n`;
    writeFully(this.stderr, toBytes(text));
  }
}
