/** The v1 matcher: fields before literals, in definition order, `rest` last; a node is not looked at when the line has ended before it. */
import { byteString } from '../bytes.ts';
import type { JsonObject } from '../json-dialect/value.ts';
import { LIMITS } from '../limits.ts';
import { ENTRY, grown, newState } from '../match/captures.ts';
import type { LineMatcher, MatchState } from '../match/captures.ts';
import type { V1Program } from './program.ts';
import type { V1Edge, V1Node } from './tree.ts';

/** What a line has left to spend, over all matchers that take part in it. */
export class Budget {
  work = 0;
  /** Nesting of `recursive` and `descent` fields. */
  depth = 0;
  /** Counts lines: what a complex field remembers of one line is stale on the next. */
  epoch = 0;

  start(work: number): void {
    this.work = work;
    this.depth = 0;
    this.epoch += 1;
  }
}

/** Tells a field that does not match from a line that ends early, which is negative too. */
const NO_MATCH = -Infinity;

export class V1Matcher implements LineMatcher {
  readonly state: MatchState = newState();
  /** Fields that `iptables`, or a `rest` in the middle of a rule, set whatever the result. */
  sticky: JsonObject | undefined;
  private readonly program: V1Program;
  private readonly budget: Budget;
  private readonly workPerLine: number | undefined;
  private line: Uint8Array = new Uint8Array(0);
  private limit = 0;
  private last: V1Node | undefined;

  /** `workPerLine` is what a line may cost beyond its bytes; without it the matcher takes part in a line that another one started. */
  constructor(program: V1Program, budget: Budget, workPerLine?: number) {
    this.program = program;
    this.budget = budget;
    this.workPerLine = workPerLine;
  }

  run(line: Uint8Array, from: number, end: number): number {
    if (this.workPerLine !== undefined) this.budget.start(this.workPerLine + LIMITS.workPerByte * (end - from));
    this.line = line;
    this.limit = end;
    this.last = undefined;
    this.sticky = undefined;
    this.state.count = 0;
    const left = this.guarded(from);
    this.state.far = end - Math.max(0, Math.min(left, end - from));
    this.state.limited = this.budget.work < 0;
    // The values are still to be read, which may match parts of the line again. No more of it than was matched, so that needs no limit.
    if (this.workPerLine !== undefined) this.budget.work = Infinity;
    const terminal = (this.last as V1Node | undefined)?.terminal;
    return left === 0 && terminal !== undefined && !this.state.limited ? this.last!.id : -1;
  }

  private guarded(from: number): number {
    try {
      return this.node(this.program.root, from);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.budget.work = -1;
      this.last = undefined;
      return this.limit - from;
    }
  }

  /** Bytes left over; 0 with a terminal `last` is a match, a negative number means that the line ended inside a literal. */
  private node(node: V1Node, from: number): number {
    if (from < this.limit) return this.entered(node, from);
    this.last = node;
    return -node.prefixBytes.length;
  }

  private entered(node: V1Node, from: number): number {
    this.budget.work -= 1;
    if (this.budget.work < 0) return this.limit - from;
    const prefix = node.prefixBytes;
    for (let i = 0; i < prefix.length; i += 1) {
      if (from + i >= this.limit) return i - prefix.length;
      if (this.line[from + i] !== prefix[i]) return this.limit - from - i;
    }
    return this.content(node, from + prefix.length);
  }

  private content(node: V1Node, at: number): number {
    let left = this.limit - at;
    for (const edge of node.edges) {
      const sub = this.field(edge, at);
      if (sub === 0 && this.last?.terminal !== undefined) return 0;
      if (sub < left && (sub > 0 || (edge.parser.sticky === true && sub !== NO_MATCH))) left = sub;
    }
    if (at === this.limit) {
      this.last = node;
      return 0;
    }
    const child = node.children?.get(this.line[at]!);
    if (child !== undefined) {
      const sub = this.child(child, at + 1);
      if (sub < left) left = sub;
      if (left === 0 && this.last?.terminal !== undefined) return 0;
    }
    return node.rest === undefined ? left : this.rest(node.rest, at);
  }

  /** Below a branch byte. The byte was a literal, so fields directly behind it are tried at the end of the line as well. */
  private child(node: V1Node, at: number): number {
    return at === this.limit && node.prefixBytes.length === 0 ? this.content(node, at) : this.node(node, at);
  }

  /** Bytes left over below a field; NO_MATCH when the field does not match. */
  private field(edge: V1Edge, at: number): number {
    const { parser } = edge;
    const to = parser.match(this.line, at, this.limit);
    if (to < 0) {
      if (parser.scans) this.budget.work -= this.limit - at;
      return NO_MATCH;
    }
    this.budget.work -= to - at;
    const before = this.state.count;
    if (parser.sticky === true) {
      // It takes the whole rest of the line, so that nothing is left even if the rule has more behind it.
      this.keep(parser.value!(this.line, at, to, this.limit) as JsonObject);
      return this.node(edge.target, to);
    }
    if (edge.field >= 0) this.push(edge.field, at, to);
    const left = this.node(edge.target, to);
    if (left !== 0 || this.last?.terminal === undefined) this.state.count = before;
    return left;
  }

  private keep(fields: JsonObject): void {
    this.sticky ??= new Map();
    for (const [key, value] of fields) this.sticky.set(key, value);
  }

  /** The last resort of a node: takes everything. When more was to follow, there is no match but the field stays. */
  private rest(edge: V1Edge, at: number): number {
    this.last = edge.target;
    if (edge.target.terminal !== undefined) {
      if (edge.field >= 0) this.push(edge.field, at, this.limit);
    } else if (edge.name !== undefined) {
      this.keep(new Map([[edge.name, byteString(this.line, at, this.limit)]]));
    }
    return 0;
  }

  private push(field: number, from: number, to: number): void {
    const { state } = this;
    const index = state.count;
    if (index + ENTRY > state.captures.length) state.captures = grown(state.captures, index + ENTRY);
    state.captures[index] = field;
    state.captures[index + 1] = from;
    state.captures[index + 2] = to;
    state.count = index + ENTRY;
  }
}
