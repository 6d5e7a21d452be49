import type { Column, ColumnInfo } from '../block.ts';
import { describe } from './column.ts';

/** A block in memory, as far as describing its columns goes. */
export interface Describable {
  readonly rows: number;
  column(name: string): Column | undefined;
  names(): string[];
  hasLeaf(name: string): boolean;
}

/** What is known of the columns of a block in memory, found out one by one as it is asked for, all when the map is walked over. */
export class ColumnInfos extends Map<string, ColumnInfo> {
  private readonly block: Describable;

  constructor(block: Describable) {
    super();
    this.block = block;
  }

  override get(name: string): ColumnInfo | undefined {
    const known = super.get(name);
    if (known !== undefined) return known;
    const column = this.block.column(name);
    if (column === undefined) return undefined;
    const info = describe(column, this.block.rows);
    super.set(name, info);
    return info;
  }

  override has(name: string): boolean {
    return this.block.hasLeaf(name) || this.get(name) !== undefined;
  }

  override get size(): number {
    return this.all().size;
  }

  override keys(): MapIterator<string> {
    return this.all().keys();
  }

  override values(): MapIterator<ColumnInfo> {
    return this.all().values();
  }

  override entries(): MapIterator<[string, ColumnInfo]> {
    return this.all().entries();
  }

  override [Symbol.iterator](): MapIterator<[string, ColumnInfo]> {
    return this.all()[Symbol.iterator]();
  }

  override forEach(visit: (info: ColumnInfo, name: string, map: Map<string, ColumnInfo>) => void): void {
    this.all().forEach(visit);
  }

  private all(): Map<string, ColumnInfo> {
    const all = new Map<string, ColumnInfo>();
    for (const name of this.block.names()) {
      const info = this.get(name);
      if (info !== undefined) all.set(name, info);
    }
    return all;
  }
}
