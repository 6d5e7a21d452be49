/** A match graph made ready to run: nodes, fields and terminals numbered, and what the writers may take for granted worked out. */
import type { Component, Edge, Node, Terminal } from '../v2/graph.ts';
import { nodesOf, optimize } from '../v2/optimize.ts';
import type { V2Builder } from '../v2/build.ts';
import { makeField, REPEAT, TYPE } from './fields.ts';
import type { Field } from './fields.ts';

export interface Program {
  components: readonly Component[];
  /** By node id. */
  nodes: readonly Node[];
  fields: readonly Field[];
  /** By the index that a match returns; the same index is the id of the node. */
  terminals: ReadonlyMap<number, Terminal>;
  /** Names of fields that the top level of an event may have. */
  topNames: ReadonlySet<string>;
  main: Component;
}

/** Beyond this many (node, name) pairs duplicates are not looked for but assumed. */
const ANALYSIS_LIMIT = 5_000_000;

export function makeProgram(builder: V2Builder): Program {
  const components = [builder.main, ...builder.types.values(), ...builder.repeats];
  const nodes: Node[] = [];
  const fields: Field[] = [];
  const terminals = new Map<number, Terminal>();
  for (const component of components) {
    optimize(component);
    for (const node of nodesOf(component.root)) {
      node.id = nodes.length;
      nodes.push(node);
      if (node.terminal !== undefined && component === builder.main) terminals.set(node.id, node.terminal);
      for (const edge of node.edges) numberField(edge, fields);
    }
    markDuplicates(component, fields);
  }
  return { components, nodes, fields, terminals, topNames: namesOf(builder.main), main: builder.main };
}

function numberField(edge: Edge, fields: Field[]): void {
  if (edge.name === undefined) return;
  const { matcher } = edge;
  edge.field = fields.length;
  if (matcher.kind === 'parser') fields.push(makeField(edge.name, matcher.parser.kind, matcher.parser));
  else fields.push(makeField(edge.name, matcher.kind === 'type' ? TYPE : REPEAT, undefined));
}

/** Names that fields of a component may have, those of types that merge into it included. */
function namesOf(component: Component): Set<string> {
  const names = new Set<string>();
  const components = new Set<Component>([component]);
  for (const each of components) {
    for (const node of nodesOf(each.root)) {
      for (const edge of node.edges) {
        if (edge.name !== undefined) names.add(edge.name);
        if (edge.name === '.' && edge.matcher.kind === 'type') components.add(edge.matcher.component);
      }
    }
  }
  return names;
}

/** Names that an edge adds to the object of its component. */
function namesOfEdge(edge: Edge, merged: Map<Component, Set<string>>): Iterable<string> {
  if (edge.name === undefined) return [];
  if (edge.name !== '.' || edge.matcher.kind !== 'type') return [edge.name];
  const { component } = edge.matcher;
  let names = merged.get(component);
  if (names === undefined) merged.set(component, (names = namesOf(component)));
  return names;
}

/** Marks fields below which the same name may occur again. */
function markDuplicates(component: Component, fields: readonly Field[]): void {
  const order = postOrder(component.root);
  const below = new Map<Node, Set<string>>();
  const merged = new Map<Component, Set<string>>();
  let work = 0;
  for (const node of order) {
    const names = new Set<string>();
    for (const edge of node.edges) {
      const later = below.get(edge.target)!;
      work += later.size;
      for (const name of later) names.add(name);
      for (const name of namesOfEdge(edge, merged)) {
        if (later.has(name)) fields[edge.field]!.slow = true;
        names.add(name);
        work += 1;
      }
    }
    below.set(node, names);
    if (work > ANALYSIS_LIMIT) return markAll(order, fields);
  }
}

function markAll(nodes: readonly Node[], fields: readonly Field[]): void {
  for (const node of nodes) for (const edge of node.edges) if (edge.field >= 0) fields[edge.field]!.slow = true;
}

/** Nodes with all their successors before them. Iterative: a long rule is a deep graph. */
function postOrder(root: Node): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>([root]);
  const stack: { node: Node; next: number }[] = [{ node: root, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const edge = top.node.edges[top.next];
    top.next += 1;
    if (edge === undefined) {
      order.push(top.node);
      stack.pop();
    } else if (!seen.has(edge.target)) {
      seen.add(edge.target);
      stack.push({ node: edge.target, next: 0 });
    }
  }
  return order;
}
