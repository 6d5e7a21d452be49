/**
 * A *shape* is the structure of an event's `native` and `normalized` without their values: the JSON skeleton in which every leaf (string, number,
 * boolean, null) is `0`, e.g. `{"native":{"http":{"status":0},"tags":[0,0]}}`. Events of one sender share a few shapes, so a row stores the
 * index of its shape and its leaves in order, each leaf goes to the column of its name, and the event's own JSON (nesting, arrays, empty objects,
 * dotted keys) can still be given back exactly.
 */
export interface Shape {
  /** The skeleton: JSON text. */
  readonly text: string;
  /**
   * The column of each leaf in order: `native.http.status`, `native.tags`, `native.tags`; keys joined by `.`, arrays add nothing.
   * `{"a.b":0}` and `{"a":{"b":0}}` give the same column.
   */
  readonly columns: readonly string[];
  /** JSON text around the leaves of the whole skeleton: `pieces[0] leaf0 pieces[1] leaf1 ... pieces[n]`, without the outer braces. */
  readonly pieces: readonly string[];
}

/** The shape of an event with neither native nor normalized. */
export const EMPTY_SHAPE: Shape = { text: '{}', columns: [], pieces: [''] };

class Compiler {
  readonly columns: string[] = [];
  readonly pieces: string[] = [];
  private piece = '';

  value(value: unknown, path: string): void {
    if (Array.isArray(value)) this.array(value, path);
    else if (typeof value === 'object' && value !== null) this.object(value as Record<string, unknown>, path);
    else {
      this.columns.push(path);
      this.pieces.push(this.piece);
      this.piece = '';
    }
  }

  members(object: Record<string, unknown>, path: string): void {
    let first = true;
    for (const key of Object.keys(object)) {
      this.piece += `${first ? '' : ','}${JSON.stringify(key)}:`;
      this.value(object[key], path === '' ? key : `${path}.${key}`);
      first = false;
    }
  }

  end(): string[] {
    return [...this.pieces, this.piece];
  }

  private object(object: Record<string, unknown>, path: string): void {
    this.piece += '{';
    this.members(object, path);
    this.piece += '}';
  }

  private array(array: readonly unknown[], path: string): void {
    this.piece += '[';
    for (const [i, element] of array.entries()) {
      if (i > 0) this.piece += ',';
      this.value(element, path);
    }
    this.piece += ']';
  }
}

/** Compiles a skeleton. Throws SyntaxError when the text is not JSON. */
export function compileShape(text: string): Shape {
  if (text === '{}') return EMPTY_SHAPE;
  const compiler = new Compiler();
  compiler.members(JSON.parse(text) as Record<string, unknown>, '');
  return { text, columns: compiler.columns, pieces: compiler.end() };
}

/** Compiled shapes by text. Bounded: when full it is emptied, since compiling again is cheap. One per thread. */
export class ShapeCache {
  private readonly shapes = new Map<string, Shape>();
  private readonly max: number;

  constructor(max = 20_000) {
    this.max = max;
  }

  get(text: string): Shape {
    let shape = this.shapes.get(text);
    if (shape === undefined) {
      if (this.shapes.size >= this.max) this.shapes.clear();
      shape = compileShape(text);
      this.shapes.set(text, shape);
    }
    return shape;
  }
}
