import { NumberText } from './leaf.ts';

/**
 * Finds the shape of a value in one walk, without building its text: each key and bracket is a step in a trie, and the node where the walk ends
 * is the shape. Nodes remember the last step taken, so that events of one kind cost a pointer comparison a key.
 */
export type LeafValue = string | number | boolean | null | NumberText;

/** Steps with a key, steps of array elements (no key), and the closing bracket. */
const STEP = { leaf: 0, object: 1, array: 2, elementLeaf: 3, elementObject: 4, elementArray: 5, close: 6 } as const;
type StepKind = (typeof STEP)[keyof typeof STEP];
const ELEMENT = STEP.elementLeaf;

export class TrieNode {
  readonly parent: TrieNode | undefined;
  readonly key: string;
  readonly kind: StepKind;
  /** Index of this shape in the batch under construction, valid while `epoch` is the batch's. */
  shapeIndex = 0;
  epoch = -1;
  private lastKey = '';
  private lastKind: StepKind = 0;
  private last: TrieNode | undefined;
  private steps: (Map<string, TrieNode> | undefined)[] | undefined;
  private text_: string | undefined;

  constructor(parent: TrieNode | undefined, key: string, kind: StepKind) {
    this.parent = parent;
    this.key = key;
    this.kind = kind;
  }

  step(key: string, kind: StepKind, trie: ShapeTrie): TrieNode {
    if (this.last !== undefined && this.lastKey === key && this.lastKind === kind) return this.last;
    this.steps ??= Array.from({ length: 7 }, () => undefined);
    const steps = (this.steps[kind] ??= new Map());
    let next = steps.get(key);
    if (next === undefined) {
      next = new TrieNode(this, key, kind);
      trie.size++;
      steps.set(key, next);
    }
    this.lastKey = key;
    this.lastKind = kind;
    this.last = next;
    return next;
  }

  /** The skeleton that this node ends, as JSON text. */
  get text(): string {
    return (this.text_ ??= skeleton(this));
  }
}

function path(node: TrieNode): TrieNode[] {
  const steps: TrieNode[] = [];
  for (let at: TrieNode | undefined = node; at?.parent !== undefined; at = at.parent) steps.push(at);
  return steps.reverse();
}

function skeleton(node: TrieNode): string {
  let text = '{';
  const closers = ['}'];
  for (const step of path(node)) {
    if (step.kind === STEP.close) {
      text += closers.pop()!;
      continue;
    }
    if (!text.endsWith('{') && !text.endsWith('[')) text += ',';
    if (step.kind < ELEMENT) text += `${JSON.stringify(step.key.toWellFormed())}:`;
    const opens = step.kind % ELEMENT;
    if (opens === STEP.leaf) text += '0';
    else {
      text += opens === STEP.object ? '{' : '[';
      closers.push(opens === STEP.object ? '}' : ']');
    }
  }
  return text + closers.reverse().join('');
}

/** Receives the leaves of a walk in order. */
export interface LeafSink {
  leaf(value: LeafValue): void;
}

/** Thrown by a walk that meets more nesting than allowed. */
export class TooDeep extends Error {}

export class ShapeTrie {
  readonly root = new TrieNode(undefined, '', STEP.object);
  /** Nodes made so far: the owner throws the trie away above a limit. */
  size = 0;
  readonly depthMax: number;

  constructor(depthMax: number) {
    this.depthMax = depthMax;
  }

  /** Walks `value` as the member `name` (`native` or `normalized`) after `from`; gives the node reached. Throws TooDeep. */
  member(from: TrieNode, name: string, value: object, sink: LeafSink): TrieNode {
    return this.close(this.object(this.open(from, name), value as Record<string, unknown>, sink, 1));
  }

  /** The same in steps, for members that come one by one: `open`, then `add` for each, then `close`. */
  open(from: TrieNode, name: string): TrieNode {
    return from.step(name, STEP.object, this);
  }

  /** Adds one member to what `open` opened. Throws TooDeep. */
  add(node: TrieNode, key: string, value: unknown, sink: LeafSink): TrieNode {
    return this.value(node, key, 0, value, sink, 1);
  }

  /** Adds one member whose value is a leaf that the caller has noted. */
  leaf(node: TrieNode, key: string): TrieNode {
    return node.step(key, STEP.leaf, this);
  }

  /** Opens an array as a member; `elementLeaf` for each leaf of it, then `close`. */
  openArray(node: TrieNode, key: string): TrieNode {
    return node.step(key, STEP.array, this);
  }

  elementLeaf(node: TrieNode): TrieNode {
    return node.step('', STEP.elementLeaf, this);
  }

  close(node: TrieNode): TrieNode {
    return node.step('', STEP.close, this);
  }

  private object(node: TrieNode, object: Record<string, unknown>, sink: LeafSink, depth: number): TrieNode {
    if (depth > this.depthMax) throw new TooDeep();
    for (const key in object) node = this.value(node, key, 0, object[key], sink, depth);
    return node;
  }

  private array(node: TrieNode, array: readonly unknown[], sink: LeafSink, depth: number): TrieNode {
    if (depth > this.depthMax) throw new TooDeep();
    for (const element of array) node = this.value(node, '', ELEMENT, element, sink, depth);
    return node;
  }

  /** `base` is 0 for a member, ELEMENT for an array's element. */
  private value(node: TrieNode, key: string, base: 0 | 3, value: unknown, sink: LeafSink, depth: number): TrieNode {
    if (typeof value !== 'object' || value === null || value instanceof NumberText) {
      sink.leaf(value as LeafValue);
      return node.step(key, (base + STEP.leaf) as StepKind, this);
    }
    if (Array.isArray(value)) return this.close(this.array(node.step(key, (base + STEP.array) as StepKind, this), value, sink, depth + 1));
    const next = node.step(key, (base + STEP.object) as StepKind, this);
    return this.close(this.object(next, value as Record<string, unknown>, sink, depth + 1));
  }
}
