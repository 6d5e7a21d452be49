import { LEAF } from '../../event/leaf.ts';
import type { Batch } from '../../event/batch.ts';
import type { LeafOf } from '../writer.ts';

/** The JSON text of a leaf. */
export function leafJson(batch: Batch, leaf: number): string {
  switch (batch.leafTag[leaf]!) {
    case LEAF.null:
      return 'null';
    case LEAF.false:
      return 'false';
    case LEAF.true:
      return 'true';
    case LEAF.number:
      return String(batch.leafNumber[leaf]!);
    case LEAF.numberText:
      return batch.leafString(leaf);
    default:
      return JSON.stringify(batch.leafString(leaf));
  }
}

export function leafValue(batch: Batch, leaf: number): LeafOf {
  switch (batch.leafTag[leaf]!) {
    case LEAF.null:
      return null;
    case LEAF.false:
      return false;
    case LEAF.true:
      return true;
    case LEAF.number:
      return batch.leafNumber[leaf]!;
    case LEAF.numberText:
      return { text: batch.leafString(leaf) };
    default:
      return batch.leafString(leaf);
  }
}

const INTEGER = /^-?\d+$/;

/** As an object holds it: an integer beyond 2^53 as a bigint, `1e400` as its text. */
export function plainValue(value: LeafOf): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return INTEGER.test(value.text) ? BigInt(value.text) : value.text;
}

/** Any key is a plain one, `__proto__` too. */
export function setMember(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** A copy of a skeleton (event/shape.ts) with its leaves in place: `next` gives them in order. */
export function fillSkeleton(skeleton: unknown, next: () => unknown): unknown {
  if (Array.isArray(skeleton)) return skeleton.map((element) => fillSkeleton(element, next));
  if (typeof skeleton !== 'object' || skeleton === null) return next();
  const object: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(skeleton)) setMember(object, key, fillSkeleton(value, next));
  return object;
}
