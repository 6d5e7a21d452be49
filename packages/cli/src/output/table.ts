import Table from 'cli-table3';
import type { Colours } from './colours.ts';
import { printable } from './printable.ts';

export type Cell = string | number | boolean | null | undefined;

/** A cell that is already safe to print: it may hold colours. */
export interface Styled {
  readonly text: string;
}

export interface TableShape {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (Cell | Styled)[])[];
  /** Columns of numbers, by index. */
  readonly right?: readonly number[];
}

const noLines = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((name) => [name, '']),
);

function cellText(cell: Cell | Styled): string {
  if (cell === null || cell === undefined || cell === '') return '-';
  return typeof cell === 'object' ? cell.text : printable(String(cell));
}

/** Lines of columns, without borders; no line ends in spaces. */
export function tableText({ head, rows, right = [] }: TableShape, colours: Colours): string {
  const table = new Table({
    chars: { ...noLines, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: head.map((_, i) => (right.includes(i) ? 'right' : 'left')),
  });
  if (head.some((title) => title !== '')) table.push(head.map((title) => colours.bold(title.toUpperCase())));
  for (const row of rows) table.push(row.map(cellText));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Names with values, one a line. */
export function listText(pairs: readonly (readonly [string, Cell | Styled])[], colours: Colours): string {
  const rows = pairs.map(([name, value]) => [{ text: colours.bold(name) }, value]);
  return tableText({ head: ['', ''], rows }, colours);
}
