/** A value at the end of a path of keys. */
export type Leaf = string | number | boolean | bigint | null;

/** The leaves of one part of an event, side by side: values that are not null, and their paths. */
export interface Leaves {
  readonly paths: readonly string[];
  readonly values: readonly Exclude<Leaf, null>[];
}

/**
 * The leaves inside a value with their paths: keys joined by `.`, arrays adding nothing, so that `{"a":[{"b":1},{"b":2}]}` has two leaves
 * `a.b`. Empty objects and arrays have none. Only own keys count, and none is special. Any depth is safe.
 */
export function* leavesOf(value: unknown): Generator<readonly [path: string, leaf: Leaf]> {
  const stack: { value: unknown; path: string; root: boolean }[] = [{ value, path: '', root: true }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value: item, path, root } = top;
    if (isLeaf(item)) yield [path, item];
    else if (Array.isArray(item)) {
      for (let index = item.length - 1; index >= 0; index--) stack.push({ value: item[index], path, root });
    } else if (typeof item === 'object') {
      const entries = Object.entries(item as object);
      for (let index = entries.length - 1; index >= 0; index--) {
        const [key, child] = entries[index]!;
        stack.push({ value: child, path: root ? key : `${path}.${key}`, root: false });
      }
    }
  }
}

/** All of them but nulls, which no condition holds for. */
export function collectLeaves(value: unknown): Leaves {
  const paths: string[] = [];
  const values: Exclude<Leaf, null>[] = [];
  for (const [path, leaf] of leavesOf(value)) {
    if (leaf === null) continue;
    paths.push(path);
    values.push(leaf);
  }
  return { paths, values };
}

function isLeaf(value: unknown): value is Leaf {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
  );
}
