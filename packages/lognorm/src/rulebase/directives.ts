/** The lines of a rulebase: directives, prefixes, tags. What a rule means is the engine's affair (`RuleSink`). */
import { RuleError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { Annotations } from './annotations.ts';
import { excerpt } from './description.ts';
import { logicalLines } from './lines.ts';
import type { Reporter } from './reporter.ts';
import { readSource, VERSION_LINE } from './source.ts';
import type { FileReader } from './source.ts';

/** A rule as the engine gets it; all text as byte strings. */
export interface RuleLine {
  tags: string[];
  /** Prefix and description. */
  description: string;
  file: string;
  line: number;
}

/** The engine that builds its matcher from rules. */
export interface RuleSink {
  readonly version: 1 | 2;
  /** May throw a `RuleError`. */
  addRule(rule: RuleLine): void;
  /** v2 only. May throw a `RuleError`. */
  addType(name: string, description: string): void;
}

/** Thrown when an include fails, which ends loading. */
export class IncludeFailed extends Error {}

export class DirectiveReader {
  private readonly sink: RuleSink;
  private readonly annotations: Annotations;
  private readonly reporter: Reporter;
  private readonly readFile: FileReader;
  private prefix = '';
  private depth = 0;
  /** Bytes of rules, prefixes included, that may still come. */
  private bytesLeft: number;

  constructor(sink: RuleSink, annotations: Annotations, reporter: Reporter, readFile: FileReader, maxRuleBytes = Infinity) {
    this.bytesLeft = maxRuleBytes;
    this.sink = sink;
    this.annotations = annotations;
    this.reporter = reporter;
    this.readFile = readFile;
  }

  /** Reads the text of a file behind its version line, if it has one. */
  readFileText(file: string, text: string): void {
    const hasVersion = text.startsWith(VERSION_LINE);
    this.read(file, hasVersion ? text.slice(VERSION_LINE.length) : text, hasVersion ? 1 : 0, true);
  }

  /** Reads rules that come from no file. */
  readRules(file: string, text: string): void {
    this.read(file, text, 0, false);
  }

  private read(file: string, text: string, firstLine: number, detectRunaway: boolean): void {
    const maxBytes = this.sink.version === 2 ? LIMITS.v2LogicalLineBytes : LIMITS.v1LogicalLineBytes;
    for (const line of logicalLines(text, { firstLine, maxBytes, detectRunaway })) {
      this.reporter.file = file;
      this.reporter.line = line.line;
      if (line.problem === undefined) this.reporter.guard(() => this.directive(line.text));
      else if (line.problem === 'line-too-long') this.reporter.report('line-too-long', `line is too long (limit ${maxBytes} bytes)`);
      else this.reporter.report('runaway-rule', `field is not closed before the next rule; rule ignored: ${excerpt(line.text, 0)}`);
    }
  }

  private directive(line: string): void {
    const equals = line.indexOf('=');
    const name = equals < 0 ? line : line.slice(0, equals);
    const value = equals < 0 ? '' : line.slice(equals + 1);
    if (line.endsWith('\r')) this.reporter.report('carriage-return', 'line ends in CR, which is part of it: rulebases need LF line ends');
    if (equals < 0) throw unknown(name);
    if (name === 'rule') this.rule(value);
    else if (name === 'prefix') this.setPrefix(value);
    else if (name === 'extendprefix') this.setPrefix(this.prefix + value);
    else if (name === 'annotate') this.annotations.add(value, this.sink.version);
    else if (name === 'type' && this.sink.version === 2) this.type(value);
    else if (name === 'include' && this.sink.version === 2) this.include(value);
    else throw unknown(name);
  }

  private setPrefix(prefix: string): void {
    if (prefix.length > LIMITS.prefixBytes) throw new RuleError('prefix-too-long', `prefix is longer than ${LIMITS.prefixBytes} bytes`);
    this.prefix = prefix;
  }

  private rule(value: string): void {
    const colon = value.indexOf(':');
    if (colon < 0) this.reporter.report('missing-colon', `rule without ':' taken as match text: ${excerpt(value, 0)}`);
    const tags = colon <= 0 ? [] : value.slice(0, colon).split(',');
    if (tags.includes('')) throw new RuleError('empty-tag', 'tag list has an empty element');
    const description = value.slice(colon + 1);
    if (description === '') throw new RuleError('empty-rule', 'rule has no match description');
    this.charge(this.prefix.length + description.length);
    this.sink.addRule({ tags, description: this.prefix + description, file: this.reporter.file, line: this.reporter.line });
  }

  private type(value: string): void {
    const colon = value.indexOf(':');
    const name = colon < 0 ? value : value.slice(0, colon);
    if (!/^@[^ \t\n\v\f\r]+$/.test(name)) {
      throw new RuleError('invalid-type-name', `type name must begin with '@' and hold no whitespace: ${excerpt(name, 0)}`);
    }
    if (colon < 0 || colon + 1 === value.length) throw new RuleError('empty-rule', `type ${name} has no match description`);
    this.charge(value.length - colon);
    this.sink.addType(name, value.slice(colon + 1));
  }

  /** A long prefix makes a short text many rules' worth of work: what is built is limited, not what is read. */
  private charge(bytes: number): void {
    this.bytesLeft -= bytes;
    if (this.bytesLeft < 0) throw new RuleError('too-large', 'the rules with their prefixes are longer than is allowed here');
  }

  private include(value: string): void {
    const name = value.replace(/[ \t\n\v\f\r][^]*$/, '');
    const problem = this.includeProblem(name);
    if (problem !== undefined) {
      this.reporter.report('include-failed', problem);
      throw new IncludeFailed(problem);
    }
  }

  private includeProblem(name: string): string | undefined {
    if (this.depth >= LIMITS.includeDepth) return `cannot include '${name}': includes are nested too deep`;
    const text = readSource(this.readFile, name);
    if (text === undefined) return `cannot include '${name}': no such readable file`;
    if (!text.startsWith(VERSION_LINE)) return `cannot include '${name}': it is not a v2 rulebase (first line must be version=2)`;
    this.depth += 1;
    this.readFileText(name, text);
    this.depth -= 1;
    return undefined;
  }
}

function unknown(name: string): RuleError {
  return new RuleError('unknown-directive', `invalid record type detected: '${excerpt(name, 0)}'`);
}
