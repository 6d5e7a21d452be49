/** A loaded rulebase. */
import { asBuffer } from './bytes.ts';
import { eventTree } from './encode/event.ts';
import { JsonWriter } from './encode/fast-json.ts';
import type { JsonOptions } from './encode/fast-json.ts';
import { plainEvent } from './encode/plain.ts';
import type { EventPlan, Outcome } from './encode/plan.ts';
import { EventWalk } from './encode/visit.ts';
import type { EventVisitor } from './encode/visit.ts';
import type { ByteSink } from './encode/sink.ts';
import type { Diagnostic } from './errors.ts';
import type { JsonObject, PlainObject } from './json-dialect/value.ts';
import type { LineMatcher } from './match/captures.ts';
import type { NodeUsage } from './match/interpret.ts';
import type { Program } from './match/program.ts';
import { explainLine } from './explain/explain.ts';
import type { Explanation } from './explain/explain.ts';
import type { Reporter } from './rulebase/reporter.ts';
import type { V1Builder } from './v1/build.ts';
import { V1Matcher } from './v1/match.ts';
import type { V1Program } from './v1/program.ts';
import type { V2Builder } from './v2/build.ts';
import type { Node } from './v2/graph.ts';
import { Batch } from './batch.ts';

/** The engine behind a rulebase, for `explain` and the graph outputs. */
export type Engine =
  | { version: 1; program: V1Program; builder: V1Builder }
  | { version: 2; program: Program; builder: V2Builder; usage: ReadonlyMap<Node, NodeUsage> | undefined };

export interface RulebaseParts {
  version: 1 | 2;
  matcher: LineMatcher;
  plan: EventPlan;
  reporter: Reporter;
  engine: Engine;
  compiled: boolean;
}

const JSON_DEFAULTS: JsonOptions = { tags: true };
/** Initial size of the buffer that lines given as strings are encoded into. */
const SCRATCH_BYTES = 16 * 1024;

export class Rulebase {
  readonly version: 1 | 2;
  /** Whether lines are matched by code generated for this rulebase. */
  readonly compiled: boolean;
  /** Lines whose matching was stopped by the work limit. */
  limitedLines = 0;
  /** The inner parts, for the tools of this package. */
  readonly engine: Engine;
  private readonly matcher: LineMatcher;
  private readonly plan: EventPlan;
  private readonly reporter: Reporter;
  private readonly json: JsonWriter;
  private readonly walk: EventWalk;
  private scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  private readonly outcome: Outcome;

  constructor(parts: RulebaseParts) {
    this.version = parts.version;
    this.compiled = parts.compiled;
    this.engine = parts.engine;
    this.matcher = parts.matcher;
    this.plan = parts.plan;
    this.reporter = parts.reporter;
    this.json = new JsonWriter(parts.plan);
    this.walk = new EventWalk(parts.plan);
    this.outcome = { line: this.scratch, from: 0, end: 0, terminal: -1, state: parts.matcher.state, sticky: undefined };
  }

  /** What was wrong in the rulebase, and whether lines ran into the work limit. */
  get diagnostics(): readonly Diagnostic[] {
    return this.reporter.diagnostics;
  }

  /** Normalizes one line (without its line end) to an object: the extracted fields, or `originalmsg` and `unparsed-data`. */
  normalize(line: string | Uint8Array): PlainObject {
    return plainEvent(this.plan, this.match(line));
  }

  /** Normalizes one line to the value tree that the encoders take: key order and number texts as in the log. */
  normalizeToTree(line: string | Uint8Array): JsonObject {
    return eventTree(this.plan, this.match(line));
  }

  /** Normalizes one line to its JSON text, as `lognormalizer` prints it; `event.tags` included unless told otherwise. */
  normalizeToJson(line: string | Uint8Array, options: { tags?: boolean } = {}): string {
    const batch = new Batch(256);
    this.json.write(batch.json, this.match(line), { tags: options.tags ?? true });
    return asBuffer(batch.json.bytes).toString('utf8', 0, batch.json.length);
  }

  /** Whether a rule matches the line. */
  matches(line: string | Uint8Array): boolean {
    return this.match(line).terminal >= 0;
  }

  /**
   * Normalizes `count` lines of a run of bytes and appends their JSON texts to a batch, without an object per line. `spans` holds the offset
   * of the first byte and of the end of each line.
   */
  normalizeBatch(bytes: Uint8Array, spans: ArrayLike<number>, count: number, batch: Batch, options: { tags?: boolean } = {}): void {
    const jsonOptions: JsonOptions = { tags: options.tags ?? true };
    for (let i = 0; i < count; i += 1) {
      const outcome = this.matchRange(bytes, spans[2 * i]!, spans[2 * i + 1]!);
      this.json.write(batch.json, outcome, jsonOptions);
      batch.finishLine(outcome.terminal >= 0);
    }
  }

  /** Appends the JSON text of one line of a run of bytes to a sink. Returns whether a rule matched. */
  appendJson(bytes: Uint8Array, from: number, to: number, sink: ByteSink, options: JsonOptions = JSON_DEFAULTS): boolean {
    const outcome = this.matchRange(bytes, from, to);
    this.json.write(sink, outcome, options);
    return outcome.terminal >= 0;
  }

  /**
   * Shows a visitor the fields of one line of a run of bytes, without making an object or a text of them. Returns whether a rule matched; if none did,
   * nothing is shown.
   */
  visit(bytes: Uint8Array, from: number, to: number, visitor: EventVisitor): boolean {
    const outcome = this.matchRange(bytes, from, to);
    return outcome.terminal >= 0 && this.walk.run(outcome, visitor);
  }

  /** How far each rule gets with a line, and why it fails. */
  explain(line: string | Uint8Array): Explanation {
    const { line: bytes, from, end, terminal, state } = this.match(line);
    const winner = this.plan.ends.get(terminal)?.terminal;
    return explainLine(this.engine, bytes, from, end, { winner, limited: state.limited, fields: this.normalize(line) });
  }

  /** Tags of the rule that an outcome ends in. */
  tagsOf(outcome: Outcome): readonly string[] {
    return this.plan.ends.get(outcome.terminal)?.terminal.tags ?? [];
  }

  /** The JSON text of an outcome, appended to a sink. */
  writeJson(outcome: Outcome, sink: ByteSink, options: JsonOptions): void {
    this.json.write(sink, outcome, options);
  }

  /** The value tree of an outcome. */
  treeOf(outcome: Outcome): JsonObject {
    return eventTree(this.plan, outcome);
  }

  /** Matches a range of bytes, up to the first NUL in it. The outcome is valid until the next call. */
  matchRange(bytes: Uint8Array, from: number, to: number): Outcome {
    let end = to;
    for (let i = from; i < to; i += 1) {
      if (bytes[i] === 0) {
        end = i;
        break;
      }
    }
    return this.run(bytes, from, end);
  }

  /** Matches a range of bytes that holds no NUL. The outcome is valid until the next call. */
  run(bytes: Uint8Array, from: number, end: number): Outcome {
    const { matcher, outcome } = this;
    outcome.line = bytes;
    outcome.from = from;
    outcome.end = end;
    outcome.terminal = matcher.run(bytes, from, end);
    if (matcher instanceof V1Matcher) outcome.sticky = matcher.sticky;
    if (matcher.state.limited) this.reportLimit(end - from);
    return outcome;
  }

  private match(line: string | Uint8Array): Outcome {
    if (typeof line !== 'string') return this.matchRange(asBuffer(line), 0, line.length);
    const most = line.length * 3;
    if (most > this.scratch.length) this.scratch = Buffer.allocUnsafeSlow(most * 2);
    return this.matchRange(this.scratch, 0, this.scratch.write(line, 0, 'utf8'));
  }

  private reportLimit(length: number): void {
    this.limitedLines += 1;
    if (this.limitedLines > 1) return;
    this.reporter.file = '';
    this.reporter.line = 0;
    this.reporter.report(
      'work-limit',
      `matching a line of ${length} bytes was stopped by the work limit and counts as no match; ` +
        'rules that can be tried in very many ways cause this (see limitedLines, and explain for the rules in question)',
    );
  }
}
