import type { ShapeCache } from '../event/shape.ts';

/** A shape, or the selected part of one, as JSON text around leaves: pieces[0] leaf leaves[0] pieces[1] ... without the outer braces. */
export interface ProjectedShape {
  readonly pieces: readonly string[];
  /** Which leaves of the whole shape. */
  readonly leaves: readonly number[];
  /** The column of each of the whole shape's leaves. */
  readonly columns: readonly string[];
}

/** Says whether a leaf's column, or everything below an object's name, is wanted. */
export type Wanted = (column: string) => boolean;

const ALL: Wanted = () => true;

class Projection {
  readonly pieces: string[] = [];
  readonly leaves: number[] = [];
  private piece = '';
  private leaf = 0;
  private readonly wanted: Wanted;

  constructor(wanted: Wanted) {
    this.wanted = wanted;
  }

  /** `native` and `normalized` of a skeleton; an empty one is left out. */
  parts(skeleton: Record<string, unknown>): string[] {
    for (const part of Object.keys(skeleton)) {
      const before = this.mark();
      if (this.piece !== '' || this.pieces.length > 0) this.piece += ',';
      this.piece += `${JSON.stringify(part)}:`;
      if (!this.members(skeleton[part] as Record<string, unknown>, part)) this.undo(before);
    }
    return [...this.pieces, this.piece];
  }

  /** Writes a value; false when nothing of it is wanted. */
  private value(value: unknown, path: string): boolean {
    if (Array.isArray(value)) return this.elements(value, path);
    if (typeof value === 'object' && value !== null)
      return this.members(value as Record<string, unknown>, path) || this.empty(value, path, '{}');
    const leaf = this.leaf++;
    if (!this.wanted(path)) return false;
    this.pieces.push(this.piece);
    this.piece = '';
    this.leaves.push(leaf);
    return true;
  }

  private empty(value: object, path: string, text: string): boolean {
    if (Object.keys(value).length > 0 || !this.wanted(path)) return false;
    this.piece += text;
    return true;
  }

  private members(object: Record<string, unknown>, path: string): boolean {
    const start = this.mark();
    let some = false;
    this.piece += '{';
    for (const key of Object.keys(object)) {
      const before = this.mark();
      this.piece += `${some ? ',' : ''}${JSON.stringify(key)}:`;
      if (this.value(object[key], `${path}.${key}`)) some = true;
      else this.undo(before);
    }
    this.piece += '}';
    if (!some) this.undo(start);
    return some;
  }

  private elements(array: readonly unknown[], path: string): boolean {
    const start = this.mark();
    let some = false;
    this.piece += '[';
    for (const element of array) {
      const before = this.mark();
      if (some) this.piece += ',';
      if (this.value(element, path)) some = true;
      else this.undo(before);
    }
    this.piece += ']';
    if (some) return true;
    this.undo(start);
    return this.empty(array, path, '[]');
  }

  /** Leaves that are not wanted add no pieces, so undoing needs the text only. */
  private mark(): string {
    return this.piece;
  }

  private undo(piece: string): void {
    this.piece = piece;
  }
}

/** The wanted part of a skeleton; all of it by default. An empty `native` or `normalized` is left out. */
export function projectShape(text: string, shapes: ShapeCache, wanted: Wanted = ALL): ProjectedShape {
  const projection = new Projection(wanted);
  const pieces = projection.parts(JSON.parse(text) as Record<string, unknown>);
  return { pieces, leaves: projection.leaves, columns: shapes.get(text).columns };
}
