import { stripVTControlCharacters } from 'node:util';
import type { Colours } from './colours.ts';
import { fieldText, type ApiEvent } from './event-fields.ts';
import { time } from './human.ts';
import { printable } from './printable.ts';

const WIDEST = 32;
const TIME_WIDTH = 24;

const usual = ['time', 'level', 'host', 'pname', 'msg'] as const;

/** What stands for an event in its last column: its message, or its fields when it has none. */
function messageOf(event: ApiEvent): string {
  const msg = fieldText(event, 'msg');
  if (msg !== '') return msg;
  return event['native'] === undefined ? '' : JSON.stringify(event['native']);
}

/**
 * Events as lines of columns, written as they come: a column is as wide as the widest value so far, up to a limit, and the last one is
 * as long as it is.
 */
export class EventLines {
  private readonly columns: readonly string[];
  private readonly widths: number[];
  private readonly colours: Colours;
  private readonly chosen: boolean;

  constructor(colours: Colours, fields?: readonly string[]) {
    this.colours = colours;
    this.chosen = fields !== undefined && fields.length > 0;
    this.columns = this.chosen ? fields! : usual;
    this.widths = this.columns.map((name) => (name === 'time' ? TIME_WIDTH : name.length));
  }

  head(): string {
    return this.joined(this.columns.map((name) => this.colours.bold(name.toUpperCase())));
  }

  /** Makes the columns fit what comes at once, e.g. a page. */
  fit(events: readonly ApiEvent[]): void {
    for (const event of events) this.widen(this.cells(event));
  }

  line(event: ApiEvent): string {
    const cells = this.cells(event);
    this.widen(cells);
    return this.joined(this.coloured(event, cells));
  }

  private cells(event: ApiEvent): string[] {
    return this.columns.map((name) => {
      if (name === 'msg' && !this.chosen) return printable(messageOf(event));
      const text = printable(fieldText(event, name));
      return name === 'time' || name === 'received' ? time(text) : text === '' ? '-' : text;
    });
  }

  private coloured(event: ApiEvent, cells: readonly string[]): string[] {
    const severity = typeof event['severity'] === 'number' ? event['severity'] : undefined;
    return cells.map((cell, i) => {
      const name = this.columns[i]!;
      if (name === 'time') return this.colours.dim(cell);
      return name === 'level' || name === 'severity' || name === 'msg' ? this.colours.severity(severity, cell) : cell;
    });
  }

  private widen(cells: readonly string[]): void {
    for (const [i, cell] of cells.entries()) this.widths[i] = Math.max(this.widths[i]!, Math.min(cell.length, WIDEST));
  }

  private joined(cells: readonly string[]): string {
    const last = cells.length - 1;
    const padded = cells.map((cell, i) =>
      i === last ? cell : cell + ' '.repeat(Math.max(0, this.widths[i]! - stripVTControlCharacters(cell).length)),
    );
    return padded.join('  ').trimEnd();
  }
}
