/** The radix tree of the v1 engine. */
import type { Parser } from '../parsers/motif.ts';
import type { Terminal } from '../v2/graph.ts';

/** What a v1 field may ask of the line. Complex types live in `complex.ts`. */
export interface V1Parser extends Parser {
  /** `iptables`: its fields go to the top level while matching. */
  readonly sticky?: boolean;
}

export interface V1Edge {
  /** A byte string; undefined when the value is not stored. */
  name: string | undefined;
  type: string;
  /** Name, type and undecoded extra data: fields that agree in it share an edge. */
  key: string;
  parser: V1Parser;
  target: V1Node;
  /** Index into the fields of the program, or -1. */
  field: number;
}

export class V1Node {
  prefix = '';
  /** The same as bytes; set when loading ends. */
  prefixBytes: Uint8Array = new Uint8Array(0);
  edges: V1Edge[] = [];
  /** The rest field, if any: the last one defined. */
  rest: V1Edge | undefined;
  children: Map<number, V1Node> | undefined;
  terminal: Terminal | undefined;
  /** Index within the program; set when loading ends. */
  id = -1;

  get isEmpty(): boolean {
    return (
      this.prefix === '' && this.edges.length === 0 && this.rest === undefined && this.children === undefined && this.terminal === undefined
    );
  }

  child(byte: number): V1Node | undefined {
    return this.children?.get(byte);
  }

  setChild(byte: number, node: V1Node): void {
    this.children ??= new Map();
    this.children.set(byte, node);
  }
}

function commonLength(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length += 1;
  return length;
}

/** Splits a node's prefix at `index`: the node becomes the upper half, its content moves to a child. */
function split(node: V1Node, index: number): void {
  const lower = new V1Node();
  lower.prefix = node.prefix.slice(index + 1);
  lower.edges = node.edges;
  lower.rest = node.rest;
  lower.children = node.children;
  lower.terminal = node.terminal;
  const byte = node.prefix.charCodeAt(index);
  node.prefix = node.prefix.slice(0, index);
  node.edges = [];
  node.rest = undefined;
  node.children = undefined;
  node.terminal = undefined;
  node.setChild(byte, lower);
}

/** Walks literal text from a node, adding what is missing. Returns the node at its end; `made` is called for each new node. */
export function insertText(from: V1Node, literal: string, made: () => void): V1Node {
  let node = from;
  let text = literal;
  for (;;) {
    const common = commonLength(node.prefix, text);
    if (common < node.prefix.length) {
      split(node, common);
      made();
    }
    if (common === text.length) return node;
    text = text.slice(common);
    if (node.isEmpty) {
      node.prefix = text;
      return node;
    }
    const byte = text.charCodeAt(0);
    let child = node.child(byte);
    if (child === undefined) {
      made();
      child = new V1Node();
      child.prefix = text.slice(1);
      node.setChild(byte, child);
      return child;
    }
    node = child;
    text = text.slice(1);
  }
}
