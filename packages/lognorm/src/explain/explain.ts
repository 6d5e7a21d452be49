/** `rulebase.explain`: how far each rule got with a line, and why it failed. */
import { asBuffer, decodeText } from '../bytes.ts';
import type { PlainObject } from '../json-dialect/value.ts';
import { LIMITS } from '../limits.ts';
import { Interpreter } from '../match/interpret.ts';
import type { Engine } from '../rulebase.ts';
import type { RuleLine } from '../rulebase/directives.ts';
import type { Terminal } from '../v2/graph.ts';
import { Tracer, traceSteps } from './attempt.ts';
import type { Trace, TraceStep } from './attempt.ts';
import { renderExplanation } from './render.ts';

/** What became of one rule. */
export interface RuleReport {
  file: string;
  line: number;
  tags: readonly string[];
  /** Prefix and match description, as in the rulebase. */
  rule: string;
  /** `matched`: this rule made the result. `shadowed`: it would match, but another is tried first. `invalid`: see the diagnostics. */
  status: 'matched' | 'shadowed' | 'failed' | 'invalid';
  /** Bytes of the line that the rule accounts for. */
  reached: number;
  /** What was looked for where it failed. */
  expected: string | undefined;
  /** The line from there on. */
  found: string;
  /** The fields matched up to there, as `[field, text]`, in the order of the rule. */
  fields: readonly (readonly [field: string, text: string])[];
  /** A likely cause. */
  hint: string | undefined;
}

export interface Explanation {
  line: string;
  /** The result of `normalize`. */
  event: PlainObject;
  /** The rule that matched. */
  matched: RuleReport | undefined;
  /** All rules, those that got furthest first. */
  rules: readonly RuleReport[];
  /** Matching was stopped by the work limit. */
  limited: boolean;
  /** The explanation as text, for people. */
  toString(): string;
}

export interface ExplainContext {
  winner: Terminal | undefined;
  limited: boolean;
  fields: PlainObject;
}

export function explainLine(engine: Engine, line: Uint8Array, from: number, end: number, context: ExplainContext): Explanation {
  const tracer = new Tracer(line, end);
  const report = new Reporter(line, end, context);
  const rules = candidates(engine, line, end).map(({ rule, steps, valid }) => report.rule(rule, valid, tracer.trace(steps, from)));
  const order = { matched: 0, shadowed: 1, failed: 2, invalid: 3 };
  rules.sort((a, b) => order[a.status] - order[b.status] || b.reached - a.reached);
  const explanation: Explanation = {
    line: asBuffer(line).toString('utf8', from, end),
    event: context.fields,
    matched: rules.find((rule) => rule.status === 'matched'),
    rules,
    limited: context.limited,
    toString: () => renderExplanation(explanation),
  };
  return explanation;
}

interface Candidate {
  rule: RuleLine;
  steps: TraceStep[];
  valid: boolean;
}

function candidates(engine: Engine, line: Uint8Array, end: number): Candidate[] {
  if (engine.version === 2) {
    const interpreter = new Interpreter(engine.program, { workPerLine: LIMITS.workPerLine });
    return engine.builder.rules.map((rule) => ({
      rule,
      valid: rule.valid,
      steps: traceSteps(rule.steps, (step, at) => interpreter.matchAt(step.use.matcher, line, at, end)),
    }));
  }
  const { budget } = engine.builder.context;
  budget.start(LIMITS.workPerLine);
  return engine.builder.rules.map((rule) => ({
    rule,
    valid: rule.valid,
    steps: rule.steps.map((step, i): TraceStep => {
      if (step.edge === undefined) return { kind: 'text', text: step.text ?? '' };
      const { name, type, parser } = step.edge;
      // v1 tries a field at the end of the line only behind a literal, and `rest` not even there.
      const endsBefore = type === 'rest' || rule.steps[i - 1]?.text === undefined;
      return { kind: 'field', name, type, match: (at) => (endsBefore && at === end ? -1 : parser.match(line, at, end)) };
    }),
  }));
}

class Reporter {
  private readonly line: Buffer;
  private readonly end: number;
  private readonly winner: Terminal | undefined;
  private won = false;

  constructor(line: Uint8Array, end: number, context: ExplainContext) {
    this.line = asBuffer(line);
    this.end = end;
    this.winner = context.winner;
  }

  rule(rule: RuleLine, valid: boolean, trace: Trace): RuleReport {
    const taken = trace.failure?.taken ?? trace.taken;
    const reached = trace.failure?.at ?? this.end;
    const fields = taken.filter((step) => step.isField).map((step) => [decodeText(step.step), this.text(step.from, step.to)] as const);
    return {
      file: rule.file,
      line: rule.line,
      tags: rule.tags.map(decodeText),
      rule: decodeText(rule.description),
      status: valid ? this.status(rule, trace) : 'invalid',
      reached,
      expected: trace.failure === undefined ? undefined : decodeText(trace.failure.expected),
      found: this.text(reached, this.end),
      fields,
      hint: this.hint(trace),
    };
  }

  private text(from: number, to: number): string {
    return this.line.toString('utf8', from, to);
  }

  private status(rule: RuleLine, trace: Trace): RuleReport['status'] {
    const { winner } = this;
    if (winner !== undefined && !this.won && winner.file === rule.file && winner.line === rule.line && trace.matched) {
      this.won = true;
      return 'matched';
    }
    return trace.matched ? 'shadowed' : 'failed';
  }

  /** A field gives nothing back: the text that is missed may be inside the value before it. */
  private hint(trace: Trace): string | undefined {
    const { failure } = trace;
    const last = failure?.taken.at(-1);
    if (failure === undefined || last?.isField !== true) return undefined;
    const wanted = /^the text "(.)/.exec(failure.expected)?.[1];
    if (wanted === undefined || failure.at !== last.to || !this.text(last.from, last.to).includes(wanted)) return undefined;
    const value = JSON.stringify(this.text(last.from, last.to));
    return `the value ${value} of ${decodeText(last.step)} contains ${JSON.stringify(wanted)}: a field takes all it can and gives nothing back`;
  }
}
