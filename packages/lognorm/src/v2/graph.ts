/** The match graph of the v2 engine: a directed acyclic graph of nodes with ordered edges, one component for the rules and one per type. */
import type { Parser } from '../parsers/motif.ts';

/** What an edge asks of the line. */
export type Matcher =
  | { kind: 'parser'; parser: Parser }
  | { kind: 'type'; component: Component }
  | { kind: 'repeat'; body: Component; separator: Component; permitMismatch: boolean };

/** A use of a parser, as the build makes it from a definition. */
export interface Use {
  /** The textual configuration: uses with the same one share an edge. */
  key: string;
  type: string;
  /** A byte string; undefined when the value is not stored. */
  name: string | undefined;
  /** Sort key: `priority * 256 + built-in`. */
  order: number;
  matcher: Matcher;
  /** The text of a literal, as a byte string. */
  literal?: string;
}

/** One step of a rule. */
export type Step = { kind: 'text'; text: string } | { kind: 'use'; use: Use } | { kind: 'alternative'; key: string; branches: Step[][] };

export interface Edge extends Use {
  target: Node;
  /** Index into the program's fields, or -1; set by `match/program.ts`. */
  field: number;
}

export interface Terminal {
  tags: readonly string[];
  file: string;
  line: number;
}

export class Node {
  edges: Edge[] = [];
  terminal: Terminal | undefined;
  incoming = 0;
  /** Index within the program; set by `match/program.ts`. */
  id = -1;
  /** Edges by configuration, for sharing. */
  byKey: Map<string, Edge> | undefined = new Map();
  /** Nodes in which whole alternatives join, by configuration. */
  joins: Map<string, Node> | undefined;
}

export class Component {
  readonly name: string;
  readonly root = new Node();
  /** Repeat bodies keep their edges in listed order and are not optimised. */
  readonly isRepeat: boolean;

  constructor(name: string, isRepeat = false) {
    this.name = name;
    this.isRepeat = isRepeat;
  }
}
