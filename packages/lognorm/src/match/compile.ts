/**
 * Compiles a match graph to JavaScript: one function per node or chain of nodes, parsers called through constants or written out.
 *
 * No text of a rulebase gets into the code: it is made of fixed fragments, numbers (node, field and parser indices, byte values) and nothing
 * else. Semantics are those of `interpret.ts`, which the tests hold it to.
 */
import { LIMITS } from '../limits.ts';
import type { Parser } from '../parsers/motif.ts';
import type { Component, Edge, Matcher, Node } from '../v2/graph.ts';
import { ELEMENT, grown, newState } from './captures.ts';
import type { LineMatcher, MatchState } from './captures.ts';
import type { Program } from './program.ts';

type Match = Parser['match'];
type Factory = (parsers: readonly Match[], literals: readonly Uint8Array[], state: MatchState, grow: typeof grown) => LineMatcher;

/** Edges written into one function; larger graphs are cut into several, as huge functions are not optimised. */
const EDGES_PER_FUNCTION = 32;
/** Literals up to this length are compared in a chain of conditions. */
const CHAIN_BYTES = 24;
/** Captures that a component may push before it makes room again. */
const CAPTURE_SLACK = 64;

/**
 * Whether code for the program will be faster than the interpreter. In a large graph each piece of code runs too seldom to be optimised, and
 * optimising it takes much memory.
 */
export function isWorthCompiling(program: Program): boolean {
  let total = 0;
  for (const node of program.nodes) {
    total += node.edges.length;
    const fields = node.edges.filter((edge) => !isLiteral(edge)).length;
    if (fields > LIMITS.compiledWidth || total > LIMITS.compiledEdges) return false;
  }
  return true;
}

/** Throws an EvalError where the runtime forbids code generation. */
export function compileMatcher(program: Program, workPerLine: number): LineMatcher {
  const emitter = new Emitter(program, workPerLine);
  const code = emitter.module();
  // The Function constructor is the point of this file; see above for what the code is made of.
  // oxlint-disable-next-line typescript/no-implied-eval
  const factory = new Function('P', 'L', 'S', 'grow', code) as unknown as Factory;
  return factory(emitter.parsers, emitter.literals, newState(), grown);
}

/** A whole number as source text; anything else is a defect. */
function num(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError('generated code takes whole numbers only');
  return value < 0 ? `(${value})` : String(value);
}

/** The generated code alone, for those who want to see it. */
export function matcherCode(program: Program, workPerLine: number): string {
  return new Emitter(program, workPerLine).module();
}

class Emitter {
  readonly parsers: Match[] = [];
  readonly literals: Uint8Array[] = [];
  private readonly program: Program;
  private readonly workPerLine: number;
  private readonly parserIndex = new Map<Parser, number>();
  private readonly functions: string[] = [];
  private readonly done = new Set<Node>();
  private readonly queue: { node: Node; main: boolean }[] = [];
  private readonly componentOf = new Map<Component, number>();
  private repeats = 0;
  private variables = 0;
  private edgesLeft = 0;

  constructor(program: Program, workPerLine: number) {
    this.program = program;
    this.workPerLine = workPerLine;
  }

  module(): string {
    const { main } = this.program;
    this.request(main.root, true);
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) this.nodeFunction(next.node, next.main);
    const parsers = this.parsers.map((_, i) => `const m${i}=P[${i}];`).join('');
    const literals = this.literals.map((_, i) => `const l${i}=L[${i}];`).join('');
    return [
      '"use strict";',
      parsers,
      literals,
      'let C=S.captures,cn=0,far=0,W=0,D=0,T=-1;',
      `function room(){if(cn+${num(3 * CAPTURE_SLACK)}>C.length)C=grow(C,cn+${num(3 * CAPTURE_SLACK)});}`,
      'function literal(B,p,E,k){const n=k.length;if(E-p<n)return -1;for(let i=0;i<n;i++)if(B[p+i]!==k[i])return -1;return p+n;}',
      ...this.functions,
      'return {state:S,run(B,from,E){',
      `cn=0;far=from;W=${num(this.workPerLine)}+${num(LIMITS.workPerByte)}*(E-from);D=0;T=-1;let r=-1;`,
      `try{r=n${num(main.root.id)}(B,from,E);}catch(e){if(!(e instanceof RangeError))throw e;W=-1;}`,
      'S.captures=C;S.count=cn;S.far=far;S.limited=W<0;',
      'return r<0||W<0?-1:T;}};',
    ].join('\n');
  }

  /** Makes sure that a function for the node will be emitted. */
  private request(node: Node, main: boolean): string {
    if (!this.done.has(node)) {
      this.done.add(node);
      this.queue.push({ node, main });
    }
    return `n${num(node.id)}`;
  }

  private nodeFunction(node: Node, main: boolean): void {
    const name = `n${num(node.id)}`;
    let body = '';
    if (node.edges.length > EDGES_PER_FUNCTION) {
      for (const [part, edges] of chunks(node.edges).entries()) {
        this.edgesLeft = EDGES_PER_FUNCTION;
        this.functions.push(`function ${name}_${num(part)}(B,p,E){room();let r;\n${this.edges(edges, 'p', main)}return -1;}`);
        body += `r=${name}_${num(part)}(B,p,E);if(r>=0)return r;\n`;
      }
      body += terminalCode(node, 'p', main);
    } else {
      this.edgesLeft = EDGES_PER_FUNCTION;
      body = this.body(node, 'p', main);
    }
    this.functions.push(`function ${name}(B,p,E){W-=1;if(W<0)return -1;room();let r;\n${body}return -1;}`);
  }

  /** Code that returns when the match succeeds from `node` at `at`, and falls through otherwise. */
  private body(node: Node, at: string, main: boolean): string {
    return this.edges(node.edges, at, main) + terminalCode(node, at, main);
  }

  private edges(edges: readonly Edge[], at: string, main: boolean): string {
    let code = '';
    this.edgesLeft -= edges.length;
    for (let i = 0; i < edges.length;) {
      let run = i;
      while (run < edges.length && isLiteral(edges[run]!)) run += 1;
      if (run - i >= 2) {
        code += this.dispatch(edges.slice(i, run), at, main);
        i = run;
      } else {
        code += this.edge(edges[i]!, at, main);
        i += 1;
      }
    }
    return code;
  }

  /** Consecutive literals: the next byte decides which of them are tried. */
  private dispatch(edges: readonly Edge[], at: string, main: boolean): string {
    const byFirst = new Map<number, Edge[]>();
    for (const edge of edges) {
      const first = edge.literal!.charCodeAt(0);
      const group = byFirst.get(first);
      if (group === undefined) byFirst.set(first, [edge]);
      else group.push(edge);
    }
    let code = `if(${at}<E)switch(B[${at}]){\n`;
    for (const [first, group] of byFirst) {
      code += `case ${num(first)}:{\n${group.map((edge) => this.edge(edge, at, main)).join('')}break;}\n`;
    }
    return `${code}}\n`;
  }

  private edge(edge: Edge, at: string, main: boolean): string {
    const { matcher } = edge;
    if (matcher.kind !== 'parser') return this.compositeEdge(edge, matcher, at, main);
    const q = this.variable('q');
    const far = main ? `if(${q}>far)far=${q};` : '';
    const inner = `${far}${this.capture(edge, at, q)}`;
    const next = this.next(edge, q, main);
    const undo = edge.field < 0 ? '' : 'cn-=3;';
    const { inline } = matcher.parser;
    if (inline?.op === 'literal') return this.literalEdge(inline.bytes, at, q, `${inner}${next}${undo}`);
    if (inline?.op === 'until') {
      const ok = [inline.min === 1 ? `${q}>${at}` : '', inline.orEnd ? '' : `${q}<E`].filter(Boolean).join('&&') || 'true';
      const scan = `let ${q}=${at};while(${q}<E&&B[${q}]!==${num(inline.byte)})${q}++;W-=${q}-${at};`;
      return `{${scan}if(${ok}){${inner}${next}${undo}}}\n`;
    }
    if (inline?.op === 'rest') return `{const ${q}=E;${inner}${next}${undo}}\n`;
    const fail = matcher.parser.scans ? `else W-=E-${at};` : '';
    const call = `m${this.parser(matcher.parser)}(B,${at},E)`;
    return `{const ${q}=${call};if(${q}>=0){W-=${q}-${at};${inner}${next}${undo}}${fail}}\n`;
  }

  private literalEdge(bytes: Uint8Array, at: string, q: string, then: string): string {
    const { length } = bytes;
    if (length > CHAIN_BYTES) {
      const index = this.literals.push(bytes) - 1;
      return `{const ${q}=literal(B,${at},E,l${index});if(${q}>=0){${then}}}\n`;
    }
    const tests = [...bytes].map((byte, i) => `B[${at}${i === 0 ? '' : `+${i}`}]===${num(byte)}`);
    return `if(E-${at}>=${num(length)}&&${tests.join('&&')}){const ${q}=${at}+${num(length)};${then}}\n`;
  }

  private compositeEdge(edge: Edge, matcher: Exclude<Matcher, { kind: 'parser' }>, at: string, main: boolean): string {
    const q = this.variable('q');
    const c = this.variable('c');
    const call = matcher.kind === 'type' ? this.component(matcher.component) : this.repeat(matcher);
    const far = main ? `if(${q}>far)far=${q};` : '';
    const push = edge.field < 0 ? `cn=${c};` : `C[cn+2]=cn>${c}?1:0;C[cn]=${num(edge.field)};C[cn+1]=${c};cn+=3;`;
    return `{const ${c}=cn,${q}=${call}(B,${at},E);if(${q}>=0){W-=${q}-${at};room();${far}${push}${this.next(edge, q, main)}cn=${c};}}\n`;
  }

  private capture(edge: Edge, at: string, q: string): string {
    return edge.field < 0 ? '' : `C[cn]=${num(edge.field)};C[cn+1]=${at};C[cn+2]=${q};cn+=3;`;
  }

  /** Goes on at the target: written out when nobody else comes there and there is room in the function, else called. */
  private next(edge: Edge, q: string, main: boolean): string {
    const { target } = edge;
    if (target.incoming === 1 && target.edges.length <= this.edgesLeft) return this.body(target, q, main);
    return `r=${this.request(target, main)}(B,${q},E);if(r>=0)return r;`;
  }

  private parser(parser: Parser): number {
    let index = this.parserIndex.get(parser);
    if (index === undefined) {
      index = this.parsers.push((line, from, end) => parser.match(line, from, end)) - 1;
      this.parserIndex.set(parser, index);
    }
    return index;
  }

  /** The name of a function that matches a component as a prefix. */
  private component(component: Component): string {
    let index = this.componentOf.get(component);
    if (index === undefined) {
      index = this.componentOf.size;
      this.componentOf.set(component, index);
      const root = this.request(component.root, false);
      const limit = num(LIMITS.matchDepth);
      this.functions.push(`function t${index}(B,p,E){if(D>=${limit})return -1;D++;const r=${root}(B,p,E);D--;return r;}`);
    }
    return `t${index}`;
  }

  private repeat(matcher: Matcher & { kind: 'repeat' }): string {
    const body = this.component(matcher.body);
    const separator = this.component(matcher.separator);
    const name = `r${num(this.repeats)}`;
    this.repeats += 1;
    const mismatch = matcher.permitMismatch ? 'if(W>=0)return g;cn=s;return -1;' : 'cn=s;return -1;';
    this.functions.push(
      `function ${name}(B,p,E){const s=cn;let g=p;for(;;){room();const e=cn,q=${body}(B,p,E);if(q<0){${mismatch}}` +
        `room();C[cn]=${num(ELEMENT)};C[cn+1]=e;C[cn+2]=0;cn+=3;g=q;const f=cn,w=${separator}(B,q,E);cn=f;if(w<0||w===p)return g;p=w;}}`,
    );
    return name;
  }

  private variable(prefix: string): string {
    this.variables += 1;
    return `${prefix}${num(this.variables)}`;
  }
}

function terminalCode(node: Node, at: string, main: boolean): string {
  if (node.terminal === undefined) return '';
  return main ? `if(${at}===E){T=${num(node.id)};return ${at};}\n` : `return ${at};\n`;
}

/** The edges of a wide node in pieces, each for a function of its own; runs of literals stay together, as one switch serves them all. */
function chunks(edges: readonly Edge[]): Edge[][] {
  const pieces: Edge[][] = [];
  let piece: Edge[] = [];
  for (const [i, edge] of edges.entries()) {
    const inRun = i > 0 && isLiteral(edge) && isLiteral(edges[i - 1]!);
    if (piece.length >= EDGES_PER_FUNCTION && !inRun) {
      pieces.push(piece);
      piece = [];
    }
    piece.push(edge);
  }
  return [...pieces, piece];
}

function isLiteral(edge: Edge): boolean {
  return edge.literal !== undefined && edge.matcher.kind === 'parser' && edge.literal !== '';
}
