/** Follows one rule along a line, on its own: how far it gets, and what stops it. */
import type { Step } from '../v2/graph.ts';
import { expectationOf, fieldText } from './expectations.ts';

/** A step of a rule, the same for both engines. */
export type TraceStep =
  | { kind: 'text'; text: string }
  | {
      kind: 'field';
      name: string | undefined;
      type: string;
      match(at: number): number;
    }
  | { kind: 'alternative'; branches: TraceStep[][] };

/** A step that matched: byte offsets into the line. */
export interface TakenStep {
  step: string;
  from: number;
  to: number;
  isField: boolean;
}

export interface Failure {
  /** The furthest offset of matched text, bytes of a literal included. */
  at: number;
  expected: string;
  taken: readonly TakenStep[];
}

export interface Trace {
  matched: boolean;
  taken: readonly TakenStep[];
  /** Where the rule failed, on the branch that got furthest. */
  failure: Failure | undefined;
}

/** Ways through a rule's alternatives that are looked at. */
const MAX_TRIALS = 20_000;

export class Tracer {
  private readonly line: Uint8Array;
  private readonly end: number;
  private trials = 0;
  private failure: Failure | undefined;
  private taken: TakenStep[] = [];

  constructor(line: Uint8Array, end: number) {
    this.line = line;
    this.end = end;
  }

  trace(steps: readonly TraceStep[], from: number): Trace {
    this.trials = 0;
    this.failure = undefined;
    this.taken = [];
    const matched = this.guarded(steps, from);
    return { matched, taken: [...this.taken], failure: matched ? undefined : this.failure };
  }

  /** A rule may have more fields than the stack has room for; it is followed as far as that goes. */
  private guarded(steps: readonly TraceStep[], from: number): boolean {
    try {
      return this.walk(steps, 0, from, (at) => this.finish(at));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.fail(this.taken.at(-1)?.to ?? from, 'more than can be explained');
      return false;
    }
  }

  private finish(at: number): boolean {
    if (at === this.end) return true;
    this.fail(at, 'the end of the line');
    return false;
  }

  private fail(at: number, expected: string): void {
    if (this.failure === undefined || at > this.failure.at) this.failure = { at, expected, taken: [...this.taken] };
  }

  private walk(steps: readonly TraceStep[], index: number, at: number, then: (at: number) => boolean): boolean {
    const step = steps[index];
    if (step === undefined) return then(at);
    this.trials += 1;
    if (this.trials > MAX_TRIALS) return false;
    const next = (to: number): boolean => this.walk(steps, index + 1, to, then);
    if (step.kind === 'alternative') return step.branches.some((branch) => this.walk(branch, 0, at, next));
    const to = step.kind === 'text' ? this.text(step.text, at) : this.field(step, at);
    if (to < 0) return false;
    this.taken.push({ step: step.kind === 'text' ? step.text : fieldText(step), from: at, to, isField: step.kind === 'field' });
    if (next(to)) return true;
    this.taken.pop();
    return false;
  }

  private text(text: string, at: number): number {
    let same = 0;
    while (same < text.length && at + same < this.end && this.line[at + same] === text.charCodeAt(same)) same += 1;
    if (same === text.length) return at + same;
    this.fail(at + same, `the text ${JSON.stringify(text.slice(same))}`);
    return -1;
  }

  private field(step: TraceStep & { kind: 'field' }, at: number): number {
    const to = step.match(at);
    if (to < 0) this.fail(at, `${fieldText(step)}: ${expectationOf(step.type)}`);
    return to;
  }
}

/** The steps of a v2 rule; `match` runs a matcher at an offset. */
export function traceSteps(steps: readonly Step[], match: (step: Step & { kind: 'use' }, at: number) => number): TraceStep[] {
  return steps.map((step): TraceStep => {
    if (step.kind === 'text') return step;
    if (step.kind === 'alternative') return { kind: 'alternative', branches: step.branches.map((branch) => traceSteps(branch, match)) };
    const { name, type, literal } = step.use;
    if (literal !== undefined && name === undefined) return { kind: 'text', text: literal };
    return { kind: 'field', name, type, match: (at) => match(step, at) };
  });
}
