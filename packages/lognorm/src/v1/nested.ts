/**
 * `recursive` and `descent`: the remaining line is normalized with the whole current rulebase, or with that of another file. Results are
 * remembered per line and offset, so that nesting does not multiply the work.
 */
import { RuleError } from '../errors.ts';
import type { JsonObject } from '../json-dialect/value.ts';
import { eventTree } from '../encode/event.ts';
import { LIMITS } from '../limits.ts';
import { VALUE } from '../parsers/motif.ts';
import { decodeEscapes } from '../rulebase/escapes.ts';
import type { V1Context } from './context.ts';
import { V1Matcher } from './match.ts';
import type { V1Program } from './program.ts';
import type { V1Parser } from './tree.ts';

interface Result {
  to: number;
  event: JsonObject;
}

/** Matches the remaining line with a program; `tail` names the field whose text is given back. */
class NestedRulebase {
  private readonly program: V1Program;
  private readonly tail: string;
  private readonly context: V1Context;
  private readonly results = new Map<number, Result | undefined>();
  private epoch = -1;

  constructor(program: V1Program, tail: string, context: V1Context) {
    this.program = program;
    this.tail = tail;
    this.context = context;
  }

  result(line: Uint8Array, from: number, end: number): Result | undefined {
    const { budget } = this.context;
    if (this.epoch !== budget.epoch) this.results.clear();
    this.epoch = budget.epoch;
    if (this.results.has(from)) return this.results.get(from);
    // Left recursion comes back here for the same offset before it is done: that attempt fails.
    this.results.set(from, undefined);
    const result = budget.depth < LIMITS.matchDepth ? this.match(line, from, end) : undefined;
    this.results.set(from, result);
    return result;
  }

  private match(line: Uint8Array, from: number, end: number): Result | undefined {
    const { budget } = this.context;
    const matcher = new V1Matcher(this.program, budget);
    budget.depth += 1;
    const terminal = matcher.run(line, from, end);
    budget.depth -= 1;
    if (terminal < 0) return undefined;
    const event = eventTree(this.program.plan, { line, from, end, terminal, state: matcher.state, sticky: matcher.sticky });
    const tail = event.get(this.tail);
    if (typeof tail !== 'string') return { to: end, event };
    event.delete(this.tail);
    return { to: Math.max(from, end - tail.length), event };
  }
}

function nestedParser(program: V1Program, tail: string, context: V1Context): V1Parser {
  const nested = new NestedRulebase(program, tail, context);
  return {
    kind: VALUE,
    scans: true,
    match: (line, from, end) => nested.result(line, from, end)?.to ?? -1,
    value: (line, from, _to, end) => nested.result(line, from, end)!.event,
  };
}

export function recursiveParser(extra: string | undefined, context: V1Context): V1Parser {
  return nestedParser(context.program, tailName(extra), context);
}

export function descentParser(extra: string | undefined, context: V1Context): V1Parser {
  if (!extra) throw new RuleError('invalid-parameter', 'descent needs the name of a rulebase file');
  const colon = extra.indexOf(':');
  const file = decodeEscapes(colon < 0 ? extra : extra.slice(0, colon));
  const program = context.loadDescent(file, context);
  if (program === null) throw new RuleError('include-failed', `descent: cannot load rulebase '${file}'`);
  return nestedParser(program, tailName(colon < 0 ? undefined : extra.slice(colon + 1)), context);
}

function tailName(text: string | undefined): string {
  return text === undefined || text === '' ? 'tail' : decodeEscapes(text);
}
