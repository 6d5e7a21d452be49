/** The match graph as DOT, as statistics and as text: options -d, -s, -S, -x and -vvv. */
import type { NodeUsage } from '../match/interpret.ts';
import { edgeText } from '../match/mockup.ts';
import type { Engine } from '../rulebase.ts';
import { edgesOf } from '../v1/program.ts';
import type { Component, Edge, Node } from '../v2/graph.ts';
import { nodesOf } from '../v2/optimize.ts';

/** How often a node was entered and how often it was left in vain. */
export type Usage = ReadonlyMap<Node, NodeUsage>;

interface GraphEdge {
  label: string;
  to: number;
}

interface GraphNode {
  id: number;
  terminal: boolean;
  edges: GraphEdge[];
}

function quote(text: string): string {
  return text
    .replace(/["\\]/g, '\\$&')
    .replace(/[\u0000-\u001f\u007f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The rules' graph in a common form for both engines. */
function graphOf(engine: Engine): GraphNode[] {
  if (engine.version === 2) {
    return nodesOf(engine.program.main.root).map((node) => ({
      id: node.id,
      terminal: node.terminal !== undefined,
      edges: node.edges.map((edge) => ({ label: `${edge.type}:${edge.literal ?? ''}`, to: edge.target.id })),
    }));
  }
  return engine.program.nodes.map((node) => ({
    id: node.id,
    terminal: node.terminal !== undefined,
    edges: [
      ...edgesOf(node).map((edge) => ({ label: `${edge.type}:`, to: edge.target.id })),
      ...[...(node.children ?? [])].map(([byte, child]) => ({ label: `literal:${String.fromCharCode(byte)}`, to: child.id })),
    ],
  }));
}

export function dotOf(engine: Engine): string {
  let text = 'digraph pdag {\n';
  for (const node of graphOf(engine)) {
    text += `n${node.id} [ label="${node.id}"${node.terminal ? ' style="bold"' : ''}]\n`;
    for (const edge of node.edges) text += `n${node.id} -> n${edge.to} [label="${quote(edge.label)}" style="dotted"]\n`;
  }
  return `${text}}\n`;
}

/** The nodes that lines came by, with `entered:left in vain`. */
export function usageDotOf(engine: Engine, usage: Usage): string {
  let text = 'digraph pdag {\n';
  if (engine.version === 2) {
    for (const node of nodesOf(engine.program.main.root)) text += usageDotNode(node, usage);
  }
  return `${text}}\n`;
}

function usageDotNode(node: Node, usage: Usage): string {
  const counts = usage.get(node);
  if (counts === undefined) return '';
  let text = `n${node.id} [ label="${counts.entered}:${counts.failed}"${node.terminal === undefined ? '' : ' style="bold"'}]\n`;
  for (const edge of node.edges) {
    if (usage.has(edge.target)) text += `n${node.id} -> n${edge.target.id} [label="${quote(edge.literal ?? edge.type)}" style="dotted"]\n`;
  }
  return text;
}

/** Sizes of the graph. */
export function statisticsOf(engine: Engine): string {
  const nodes = graphOf(engine);
  const types = new Map<string, number>();
  const perNode = new Map<number, number>();
  for (const node of nodes) {
    perNode.set(node.edges.length, (perNode.get(node.edges.length) ?? 0) + 1);
    for (const { label } of node.edges) {
      const type = label.slice(0, label.indexOf(':'));
      types.set(type, (types.get(type) ?? 0) + 1);
    }
  }
  const edges = [...types.values()].reduce((sum, count) => sum + count, 0);
  const widest = Math.max(0, ...perNode.keys());
  return [
    'User-Defined Types',
    '==================',
    `number types: ${engine.version === 2 ? engine.builder.types.size : 0}`,
    '',
    'Main PDAG',
    '=========',
    `nodes.............: ${count(nodes.length)}`,
    `terminal nodes....: ${count(nodes.filter((node) => node.terminal).length)}`,
    `parsers entries...: ${count(edges)}`,
    `longest path......: ${count(longestPath(nodes))}`,
    'Parser Type Counts:',
    ...[...types].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([type, uses]) => `\t${type.padStart(20)}: ${uses}`),
    'Parsers per Node:',
    `\tmax:\t${count(widest)}`,
    ...[...perNode].toSorted(([a], [b]) => a - b).map(([width, uses]) => `\t${width}:\t${count(uses)}`),
    '',
  ].join('\n');
}

function count(value: number): string {
  return String(value).padStart(4);
}

function longestPath(nodes: readonly GraphNode[]): number {
  const depth = new Map<number, number>(nodes.map((node) => [node.id, 1]));
  // Breadth-first order may see a node before one of its predecessors is final; repeat until nothing grows.
  for (let grew = true; grew;) {
    grew = false;
    for (const node of nodes) {
      const next = depth.get(node.id)! + 1;
      for (const edge of node.edges) {
        if (depth.get(edge.to)! >= next) continue;
        depth.set(edge.to, next);
        grew = true;
      }
    }
  }
  return Math.max(...depth.values());
}

/** Use of each node of the rules: entered, left in vain, and the textual rule up to it. */
export function usageOf(engine: Engine, usage: Usage): string {
  let text = 'Usage Statistics:\n-----------------\ncalled, backtracked, rule\n';
  if (engine.version === 1) return text;
  const stack: { node: Node; rule: string }[] = [{ node: engine.program.main.root, rule: '' }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const counts = usage.get(top.node);
    if (counts === undefined) continue;
    text += `${counts.entered}, ${counts.failed}, ${top.rule}\n`;
    for (const edge of top.node.edges.toReversed()) stack.push({ node: edge.target, rule: top.rule + edgeText(edge) });
  }
  return text;
}

/** The graph as indented text. */
export function textOf(engine: Engine): string {
  if (engine.version === 1) return dotOf(engine);
  let text = '';
  for (const component of engine.program.components) text += componentText(component);
  return text;
}

function componentText(component: Component): string {
  let text = `component ${component.name}:\n`;
  for (const node of nodesOf(component.root)) {
    text += ` node ${node.id}${node.terminal === undefined ? '' : ' [TERM]'}\n`;
    for (const edge of node.edges) text += `  ${describe(edge)} -> ${edge.target.id}\n`;
  }
  return text;
}

function describe(edge: Edge): string {
  const name = edge.name === undefined ? '' : ` '${edge.name}'`;
  return edge.literal === undefined ? `${edge.type}${name}` : `literal${name} '${quote(edge.literal)}'`;
}
