/**
 * The plain matcher: walks the graph, depth first with backtracking. It is the reference for `compile.ts`, the fallback where code
 * generation is forbidden, and the one that can tell which edges a match took.
 */
import { LIMITS } from '../limits.ts';
import type { Component, Edge, Matcher, Node } from '../v2/graph.ts';
import { ELEMENT, ENTRY, grown, newState } from './captures.ts';
import type { LineMatcher, MatchState } from './captures.ts';
import type { Program } from './program.ts';

export interface InterpreterOptions {
  /** Work units a line may cost beyond those for its bytes. */
  workPerLine: number;
  /** Keep the edges of the main component that a match took. */
  recordPath?: boolean;
  /** Count here how often nodes of the main component are entered and left in vain. */
  usage?: Map<Node, NodeUsage> | undefined;
}

export interface NodeUsage {
  entered: number;
  failed: number;
}

export class Interpreter implements LineMatcher {
  readonly state: MatchState = newState();
  /** The edges of the last match, when recorded, last first. */
  readonly path: Edge[] = [];
  private readonly program: Program;
  private readonly options: InterpreterOptions;
  private line: Uint8Array = new Uint8Array(0);
  private end = 0;
  private work = 0;
  private depth = 0;
  /** Component depth: the far position and the path belong to the rules alone. */
  private inner = 0;
  private terminal = -1;

  constructor(program: Program, options: InterpreterOptions) {
    this.program = program;
    this.options = options;
  }

  run(line: Uint8Array, from: number, end: number): number {
    this.line = line;
    this.end = end;
    this.work = this.options.workPerLine + LIMITS.workPerByte * (end - from);
    this.depth = 0;
    this.inner = 0;
    this.terminal = -1;
    this.path.length = 0;
    this.state.count = 0;
    this.state.far = from;
    const to = this.guarded(from);
    this.state.limited = this.work < 0;
    return to < 0 || this.state.limited ? -1 : this.terminal;
  }

  /** The offset after a single match at `at`, or -1. */
  matchAt(matcher: Matcher, line: Uint8Array, at: number, end: number): number {
    this.line = line;
    this.end = end;
    this.work = this.options.workPerLine + LIMITS.workPerByte * (end - at);
    this.depth = 0;
    this.inner = 0;
    this.state.count = 0;
    try {
      return this.edge(matcher, at);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return -1;
    }
  }

  /** A graph may be deeper than the stack; that is a limit like the others. */
  private guarded(from: number): number {
    try {
      return this.node(this.program.main.root, from);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.work = -1;
      return -1;
    }
  }

  private node(node: Node, at: number): number {
    const { usage } = this.options;
    if (usage === undefined || this.inner > 0) return this.enter(node, at);
    const counts = usage.get(node) ?? { entered: 0, failed: 0 };
    usage.set(node, counts);
    counts.entered += 1;
    const end = this.enter(node, at);
    if (end < 0) counts.failed += 1;
    return end;
  }

  /** The offset at which the match that continues at `node` ends, or -1. On failure the captures are as before. */
  private enter(node: Node, at: number): number {
    this.work -= 1;
    if (this.work < 0) return -1;
    for (const edge of node.edges) {
      const before = this.state.count;
      const to = this.edge(edge.matcher, at);
      if (to < 0) continue;
      this.work -= to - at;
      if (this.inner === 0 && to > this.state.far) this.state.far = to;
      this.capture(edge, before, at, to);
      const end = this.node(edge.target, to);
      if (end >= 0) {
        if (this.inner === 0 && this.options.recordPath) this.path.push(edge);
        return end;
      }
      this.state.count = before;
    }
    if (node.terminal === undefined || (this.inner === 0 && at !== this.end)) return -1;
    if (this.inner === 0) this.terminal = node.id;
    return at;
  }

  private edge(matcher: Matcher, at: number): number {
    if (matcher.kind === 'type') return this.component(matcher.component, at);
    if (matcher.kind === 'repeat') return this.repeat(matcher, at);
    const to = matcher.parser.match(this.line, at, this.end);
    if (to < 0 && matcher.parser.scans) this.work -= this.end - at;
    return to;
  }

  private component(component: Component, at: number): number {
    if (this.depth >= LIMITS.matchDepth) return -1;
    this.depth += 1;
    this.inner += 1;
    const to = this.node(component.root, at);
    this.inner -= 1;
    this.depth -= 1;
    return to;
  }

  private repeat(matcher: Matcher & { kind: 'repeat' }, from: number): number {
    const { state } = this;
    const start = state.count;
    let at = from;
    let good = from;
    for (;;) {
      const element = state.count;
      const to = this.component(matcher.body, at);
      if (to < 0) {
        if (matcher.permitMismatch && this.work >= 0) return good;
        state.count = start;
        return -1;
      }
      this.push(ELEMENT, element, 0);
      good = to;
      const fields = state.count;
      const next = this.component(matcher.separator, to);
      state.count = fields;
      if (next < 0 || next === at) return good;
      at = next;
    }
  }

  private capture(edge: Edge, before: number, at: number, to: number): void {
    if (edge.field < 0) this.state.count = before;
    else if (edge.matcher.kind === 'parser') this.push(edge.field, at, to);
    else this.push(edge.field, before, this.state.count > before ? 1 : 0);
  }

  private push(field: number, a: number, b: number): void {
    const { state } = this;
    const index = state.count;
    if (index + ENTRY > state.captures.length) state.captures = grown(state.captures, index + ENTRY);
    state.captures[index] = field;
    state.captures[index + 1] = a;
    state.captures[index + 2] = b;
    state.count = index + ENTRY;
  }
}
