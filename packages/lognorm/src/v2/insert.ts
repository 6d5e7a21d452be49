/** Inserts rules into a component. */
import { RuleError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { JsonNumber } from '../json-dialect/value.ts';
import { writeJson } from '../json-dialect/write.ts';
import { literalParser } from '../parsers/literal.ts';
import { Node } from './graph.ts';
import type { Edge, Step, Use } from './graph.ts';

export const DEFAULT_PRIORITY = 30000;
export const LITERAL_PRIORITY = 4;

/** Literal text goes in byte by byte, so that rules share what they have in common. */
export function literalUse(text: string): Use {
  const key = writeJson(
    new Map([
      ['type', 'literal'],
      ['text', text],
    ]),
  );
  const order = DEFAULT_PRIORITY * 256 + LITERAL_PRIORITY;
  return { key, type: 'literal', name: undefined, order, matcher: { kind: 'parser', parser: literalParser(text) }, literal: text };
}

/** The built-in and the user's priority of a definition as one sort key. */
export function orderOf(priority: JsonNumber | string | undefined, builtIn: number): number {
  const text = priority instanceof JsonNumber ? priority.text : priority;
  const value = text === undefined ? DEFAULT_PRIORITY : Number.parseInt(text, 10);
  return (Number.isNaN(value) ? 0 : value) * 256 + builtIn;
}

export class Inserter {
  private nodes = 0;
  private readonly bytes = new Map<string, Use>();

  /** Walks the steps from a node, adding what is missing, and returns the node at their end. */
  insert(from: Node, steps: readonly Step[]): Node {
    let node = from;
    for (const step of steps) node = this.step(node, step);
    return node;
  }

  private step(node: Node, step: Step): Node {
    if (step.kind === 'text') return this.text(node, step.text);
    if (step.kind === 'use') return this.shared(node, step.use);
    return this.alternative(node, step);
  }

  private text(from: Node, text: string): Node {
    let node = from;
    for (const byte of text) {
      let use = this.bytes.get(byte);
      if (use === undefined) this.bytes.set(byte, (use = literalUse(byte)));
      node = this.shared(node, use);
    }
    return node;
  }

  private shared(node: Node, use: Use): Node {
    const known = node.byKey!.get(use.key);
    if (known !== undefined) return known.target;
    const edge = this.edge(node, use, this.node());
    node.byKey!.set(use.key, edge);
    return edge.target;
  }

  private edge(node: Node, use: Use, target: Node): Edge {
    const edge: Edge = { ...use, target, field: -1 };
    node.edges.push(edge);
    target.incoming += 1;
    return edge;
  }

  private node(): Node {
    this.nodes += 1;
    if (this.nodes > LIMITS.nodes) throw new RuleError('too-large', `rulebase needs more than ${LIMITS.nodes} nodes`);
    return new Node();
  }

  /** All branches leave `node` and join in one node, which an equal alternative at the same node shares. */
  private alternative(node: Node, step: Step & { kind: 'alternative' }): Node {
    node.joins ??= new Map();
    const known = node.joins.get(step.key);
    if (known !== undefined) return known;
    const join = this.node();
    node.joins.set(step.key, join);
    this.branches(node, step.branches, join);
    return join;
  }

  private branches(node: Node, branches: readonly Step[][], join: Node): void {
    for (const branch of branches) this.branch(node, branch, join);
  }

  /** A branch is private: only its first node is shared, so that nothing leaks into other rules. */
  private branch(from: Node, steps: readonly Step[], join: Node): void {
    let node = from;
    for (const [index, step] of steps.entries()) {
      const last = index === steps.length - 1;
      if (step.kind === 'alternative') {
        const target = last ? join : this.node();
        this.branches(node, step.branches, target);
        node = target;
      } else if (step.kind === 'use') {
        node = this.edge(node, step.use, last ? join : this.node()).target;
      }
    }
  }
}
