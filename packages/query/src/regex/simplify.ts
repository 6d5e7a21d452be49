import type { Node } from './ast.ts';

/**
 * Makes sequences flat and lets nothing stand twice that says something about one place only. It is not for beauty: V8 doubles its code at
 * every word boundary that directly follows another, and a dozen and a half of them bring the process down.
 */
export function simplify(node: Node): Node {
  if (node.kind === 'choice') return { kind: 'choice', items: node.items.map(simplify) };
  if (node.kind === 'repeat') return simplifyRepeat(node);
  if (node.kind !== 'sequence') return node;
  const items: Node[] = [];
  for (const item of node.items.map(simplify)) append(items, item);
  if (items.length === 0) return { kind: 'empty' };
  return items.length === 1 ? items[0]! : { kind: 'sequence', items };
}

/** What consumes nothing holds as often as one likes, or need not hold at all. */
function simplifyRepeat(node: Extract<Node, { kind: 'repeat' }>): Node {
  const item = simplify(node.item);
  if (node.max === 0) return { kind: 'empty' };
  if (isZeroWidth(item)) return node.min > 0 ? item : { kind: 'empty' };
  return { ...node, item };
}

function isZeroWidth(node: Node): boolean {
  if (node.kind === 'sequence' || node.kind === 'choice') return node.items.every(isZeroWidth);
  return node.kind === 'empty' || node.kind === 'assert';
}

function append(items: Node[], item: Node): void {
  if (item.kind === 'empty') return;
  if (item.kind === 'sequence') {
    for (const inner of item.items) append(items, inner);
    return;
  }
  if (item.kind === 'assert' && holdsHere(items, item.what)) return;
  items.push(item);
}

/** True if the assertion stands among those that end the sequence. */
function holdsHere(items: readonly Node[], what: string): boolean {
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index]!;
    if (item.kind !== 'assert') return false;
    if (item.what === what) return true;
  }
  return false;
}
