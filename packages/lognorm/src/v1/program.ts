/** A v1 rulebase made ready to run. */
import { toBytes } from '../bytes.ts';
import { makeEventPlan } from '../encode/plan.ts';
import type { EventPlan } from '../encode/plan.ts';
import { makeField } from '../match/fields.ts';
import type { Field } from '../match/fields.ts';
import type { Annotations } from '../rulebase/annotations.ts';
import type { Terminal } from '../v2/graph.ts';
import { V1Node } from './tree.ts';
import type { V1Edge } from './tree.ts';

export class V1Program {
  readonly root = new V1Node();
  /** Set by `finish`. */
  plan!: EventPlan;
  nodes: V1Node[] = [];
  readonly fields: Field[] = [];
  readonly terminals = new Map<number, Terminal>();
  readonly topNames = new Set<string>();

  /** Numbers nodes and fields. All options that add metadata are ignored by v1. */
  finish(annotations: Annotations): void {
    this.nodes = preOrder(this.root);
    for (const [id, node] of this.nodes.entries()) {
      node.id = id;
      node.prefixBytes = toBytes(node.prefix);
      if (node.terminal !== undefined) this.terminals.set(id, node.terminal);
      for (const edge of edgesOf(node)) this.number(edge);
    }
    this.markDuplicates();
    const { fields, terminals, topNames } = this;
    this.plan = makeEventPlan({
      fields,
      terminals,
      topNames,
      annotations,
      addOriginalMsg: false,
      addRuleLocation: false,
      mockup: undefined,
    });
  }

  private number(edge: V1Edge): void {
    if (edge.name === undefined || edge.parser.sticky === true) return;
    edge.field = this.fields.length;
    const field = makeField(edge.name, edge.parser.kind, edge.parser);
    field.slow = false;
    this.fields.push(field);
    this.topNames.add(edge.name);
  }

  /** Marks fields that have one of the same name on their way from the root. */
  private markDuplicates(): void {
    const above = new Map<V1Node, ReadonlySet<string>>([[this.root, new Set()]]);
    for (const node of this.nodes) {
      const names = above.get(node)!;
      for (const child of node.children?.values() ?? []) above.set(child, names);
      for (const edge of edgesOf(node)) {
        const field = this.fields[edge.field];
        if (field !== undefined && names.has(field.name)) field.slow = true;
        above.set(edge.target, field === undefined ? names : new Set([...names, field.name]));
      }
      above.delete(node);
    }
  }
}

export function edgesOf(node: V1Node): V1Edge[] {
  return node.rest === undefined ? node.edges : [...node.edges, node.rest];
}

/** All nodes, each before those below it. Iterative: a long rule is a deep tree. */
function preOrder(root: V1Node): V1Node[] {
  const order: V1Node[] = [];
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    order.push(node);
    for (const edge of edgesOf(node)) stack.push(edge.target);
    stack.push(...(node.children?.values() ?? []));
  }
  return order;
}
