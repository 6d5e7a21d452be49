import type { Block } from '../../../store/block.ts';
import { intersect, invert, simplify, subtract, unite, type Selection } from './mask.ts';
import { COST, type BlockScan, type PlanNode } from './node.ts';

export function constantNode(value: boolean): PlanNode {
  return { cost: COST.constant, peek: () => value, rows: () => value };
}

/** Cheapest first; each part is asked only about the rows that are left. */
export class AndNode implements PlanNode {
  readonly cost: number;
  private readonly parts: readonly PlanNode[];

  constructor(parts: readonly PlanNode[]) {
    this.parts = [...parts].sort((a, b) => a.cost - b.cost);
    this.cost = this.parts.reduce((sum, part) => sum + part.cost, 0);
  }

  peek(block: Block): boolean | undefined {
    let all: true | undefined = true;
    for (const part of this.parts) {
      const known = part.peek(block);
      if (known === false) return false;
      if (known === undefined) all = undefined;
    }
    return all;
  }

  rows(scan: BlockScan, candidates: Selection): Selection {
    let left: Selection = candidates;
    let result: Selection = true;
    for (const part of this.parts) {
      const known = part.peek(scan.block);
      if (known === true) continue;
      if (known === false) return false;
      const found = part.rows(scan, left);
      result = result === true ? found : intersect(result, found);
      result = left === true ? simplify(result) : simplify(intersect(result, left));
      if (result === false) return false;
      if (result !== true) left = result;
    }
    return result;
  }
}

/** Cheapest first; each part is asked only about rows that none before it has found. */
export class OrNode implements PlanNode {
  readonly cost: number;
  private readonly parts: readonly PlanNode[];

  constructor(parts: readonly PlanNode[]) {
    this.parts = [...parts].sort((a, b) => a.cost - b.cost);
    this.cost = this.parts.reduce((sum, part) => sum + part.cost, 0);
  }

  peek(block: Block): boolean | undefined {
    let none: false | undefined = false;
    for (const part of this.parts) {
      const known = part.peek(block);
      if (known === true) return true;
      if (known === undefined) none = undefined;
    }
    return none;
  }

  rows(scan: BlockScan, candidates: Selection): Selection {
    let found: Selection = false;
    let left: Selection = candidates;
    for (const part of this.parts) {
      const known = part.peek(scan.block);
      if (known === false) continue;
      if (known === true) return true;
      const more = part.rows(scan, left);
      if (more === false) continue;
      found = found === false ? more : unite(found, more);
      left = simplify(subtract(candidates, found, scan.block.rows));
      if (left === false) break;
    }
    return found;
  }
}

/** The set complement: also the rows that lack the field asked for. */
export class NotNode implements PlanNode {
  readonly cost: number;
  private readonly part: PlanNode;

  constructor(part: PlanNode) {
    this.part = part;
    this.cost = part.cost;
  }

  peek(block: Block): boolean | undefined {
    const known = this.part.peek(block);
    return known === undefined ? undefined : !known;
  }

  rows(scan: BlockScan, candidates: Selection): Selection {
    return invert(this.part.rows(scan, candidates));
  }
}
