import { LEAF } from '../../../event/leaf.ts';
import { OVERFLOW, type Block, type Column, type ColumnInfo } from '../../../store/block.ts';
import { isDescribed, type ColumnChoice } from './choose-columns.ts';
import { columnEntries, columnRows, rowsOfEntries } from './column-test.ts';
import { intersect, emptyMask, simplify, subtract, unite, type Selection } from './mask.ts';
import { COST, type BlockScan, type PlanNode } from './node.ts';
import { inRange, mayOverlap, type ValueMatcher } from './value-test.ts';

const STRINGS = 1 << LEAF.string;
const NUMBERS = (1 << LEAF.number) | (1 << LEAF.numberText);
const NULLS = 1 << LEAF.null;

/** Columns with an entry in every row. */
const HEADERS: ReadonlySet<string> = new Set(['host', 'pname', 'msgid', 'pid']);

/** A test of the values of one or several columns: a row is selected when any entry of any of them passes. */
export class ColumnsNode implements PlanNode {
  readonly cost: number;
  private readonly choice: ColumnChoice;
  private readonly test: ValueMatcher;
  private peekedBlock: Block | undefined;
  private peeked: boolean | undefined;
  private readonly overflowNames = new Map<string, boolean>();

  constructor(choice: ColumnChoice, test: ValueMatcher, cost: number) {
    this.choice = choice;
    this.test = test;
    this.cost = cost;
  }

  peek(block: Block): boolean | undefined {
    if (this.peekedBlock !== block) {
      this.peeked = this.look(block);
      this.peekedBlock = block;
    }
    return this.peeked;
  }

  private look(block: Block): boolean | undefined {
    const infos = block.columns();
    const described = isDescribed(block);
    const absentWord = this.lacksWord(block);
    let none: false | undefined = this.mayOverflow(infos, absentWord) ? undefined : false;
    for (const name of this.choice.names(block)) {
      if (!infos.has(name)) continue;
      const known = described ? this.peekColumn(infos.get(name)!, block.rows, absentWord) : undefined;
      if (known === true) return true;
      if (known === undefined) none = undefined;
    }
    return none;
  }

  private lacksWord(block: Block): boolean {
    return this.test.words.some((word) => !block.mayContain(word));
  }

  private mayOverflow(infos: ReadonlyMap<string, ColumnInfo>, absentWord: boolean): boolean {
    return this.choice.leaf !== undefined && infos.has(OVERFLOW) && !(absentWord && this.choice.stringsOnly === true);
  }

  /** What the index says of one column. */
  private peekColumn(info: ColumnInfo, rows: number, absentWord: boolean): boolean | undefined {
    const tags = this.choice.stringsOnly === true ? info.tags & STRINGS : info.tags & ~NULLS;
    if (tags === 0) return false;
    if (tags === STRINGS) {
      // The process ids of the block are not in its word filter.
      if (absentWord && info.name !== 'pid') return false;
      return info.tags === STRINGS ? this.peekDictionary(info, rows) : undefined;
    }
    return (tags & ~NUMBERS) === 0 ? this.peekNumbers(info, rows) : undefined;
  }

  private peekDictionary(info: ColumnInfo, rows: number): boolean | undefined {
    if (info.values === undefined) return undefined;
    let passing = 0;
    for (const value of info.values) if (this.test.text(value)) passing++;
    if (passing === 0) return false;
    return passing === info.values.length && (info.rows === rows || HEADERS.has(info.name)) ? true : undefined;
  }

  private peekNumbers(info: ColumnInfo, rows: number): boolean | undefined {
    const { range, textual } = this.test;
    if (range === undefined || info.min === undefined || info.max === undefined) return undefined;
    if (!mayOverlap(range, info.min, info.max)) return false;
    const all = !textual && info.rows === rows && inRange(range, info.min) && inRange(range, info.max) && (info.tags & ~NUMBERS) === 0;
    return all ? true : undefined;
  }

  rows(scan: BlockScan, candidates: Selection): Selection {
    const { block } = scan;
    const infos = block.columns();
    const absentWord = this.lacksWord(block);
    let found: Selection = false;
    let left = candidates;
    for (const name of this.worthReading(block, absentWord)) {
      scan.interrupt();
      const column = block.column(name);
      if (column === undefined) continue;
      scan.bytes += bytesOf(column);
      found = unite(found, this.columnRows(column, block.rows, left));
      if (found === true) return true;
      left = simplify(subtract(candidates, found, block.rows));
      if (left === false) return found;
    }
    return this.mayOverflow(infos, absentWord) ? unite(found, this.overflowRows(scan, left)) : found;
  }

  /** The columns that may have hits; dictionaries and numbers before texts, small before large. */
  private worthReading(block: Block, absentWord: boolean): readonly string[] {
    const names = this.choice.names(block);
    if (!isDescribed(block)) return names;
    const infos = block.columns();
    const cost = (name: string): number => {
      const info = infos.get(name)!;
      return (info.tags & STRINGS) !== 0 && info.values === undefined ? info.entries : 0;
    };
    return names
      .filter((name) => infos.has(name) && this.peekColumn(infos.get(name)!, block.rows, absentWord) !== false)
      .sort((a, b) => cost(a) - cost(b));
  }

  private columnRows(column: Column, rows: number, candidates: Selection): Selection {
    if (this.choice.stringsOnly !== true || (column.tags === null && column.tag === LEAF.string))
      return columnRows(column, rows, this.test, candidates);
    if (column.tags === null) return false;
    return rowsOfEntries(column, rows, this.stringEntries(column));
  }

  private stringEntries(column: Column): Selection {
    const { tags } = column;
    const isString = emptyMask(column.entries);
    for (let entry = 0; entry < column.entries; entry++) isString[entry] = tags![entry] === LEAF.string ? 1 : 0;
    return intersect(columnEntries(column, this.test, isString), isString);
  }

  private overflowRows(scan: BlockScan, candidates: Selection): Selection {
    const column = scan.block.column(OVERFLOW);
    if (column?.names === undefined || candidates === false) return false;
    scan.bytes += bytesOf(column);
    const mine = emptyMask(column.entries);
    let any = false;
    for (let entry = 0; entry < column.entries; entry++) {
      const tag = column.tags === null ? column.tag : column.tags[entry]!;
      if (this.choice.stringsOnly === true && tag !== LEAF.string) continue;
      if (!this.isLeaf(column.names[entry]!)) continue;
      mine[entry] = 1;
      any = true;
    }
    if (!any) return false;
    return rowsOfEntries(column, scan.block.rows, intersect(columnEntries(column, this.test, mine), mine));
  }

  private isLeaf(name: string): boolean {
    let known = this.overflowNames.get(name);
    if (known === undefined) {
      if (this.overflowNames.size > 10_000) this.overflowNames.clear();
      this.overflowNames.set(name, (known = this.choice.leaf!(name)));
    }
    return known;
  }
}

/** What looking at a column reads, about. */
export function bytesOf(column: Column): number {
  const { strings } = column;
  const texts = strings === null ? 0 : strings.kind === 'text' ? strings.bytes.length : strings.index.byteLength;
  return texts + (column.numbers?.byteLength ?? 0);
}

/** A field of the event that is one column. */
export function oneColumn(name: string, test: ValueMatcher, cost: number = COST.header): PlanNode {
  const names = [name];
  return new ColumnsNode({ names: () => names }, test, cost);
}
