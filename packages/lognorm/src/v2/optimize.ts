/** What happens to a component when loading ends: edges are put in order, and chains of literal bytes become one literal. */
import { literalParser } from '../parsers/literal.ts';
import type { Component, Edge, Node } from './graph.ts';

function isPlainLiteral(edge: Edge): boolean {
  return edge.literal !== undefined && edge.name === undefined;
}

/** The single edge by which a literal may be continued, if its end is not observable otherwise. */
function continuation(edge: Edge): Edge | undefined {
  const { target } = edge;
  if (target.terminal !== undefined || target.incoming !== 1 || target.edges.length !== 1) return undefined;
  const next = target.edges[0]!;
  return isPlainLiteral(next) && next.target.incoming === 1 ? next : undefined;
}

function compact(edge: Edge): void {
  if (!isPlainLiteral(edge)) return;
  let text = edge.literal!;
  for (let next = continuation(edge); next !== undefined; next = continuation(edge)) {
    text += next.literal!;
    edge.target = next.target;
  }
  if (text === edge.literal) return;
  edge.literal = text;
  edge.matcher = { kind: 'parser', parser: literalParser(text) };
}

/** All nodes of a component, a node before its successors are visited. */
export function nodesOf(root: Node): Node[] {
  const seen = new Set<Node>([root]);
  for (const node of seen) for (const edge of node.edges) seen.add(edge.target);
  return [...seen];
}

export function optimize(component: Component): void {
  const seen = new Set<Node>([component.root]);
  for (const node of seen) {
    node.byKey = undefined;
    node.joins = undefined;
    if (!component.isRepeat) {
      node.edges.sort((a, b) => a.order - b.order);
      for (const edge of node.edges) compact(edge);
    }
    for (const edge of node.edges) seen.add(edge.target);
  }
}
