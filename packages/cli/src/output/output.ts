import { write, type Io } from '../io.ts';
import { coloursFor, type Colours } from './colours.ts';
import { itemTexts, memberTexts, parseForShow } from './json-text.ts';
import { listText, tableText, type Cell, type Styled, type TableShape } from './table.ts';

export const formats = ['table', 'json', 'ndjson'] as const;
export type Format = (typeof formats)[number];

/** How an answer is shown. */
export interface Show<T> {
  /** The member of the answer that holds its items, for ndjson. */
  readonly items?: string;
  /** Items for ndjson where no array of the answer holds them. */
  readonly lines?: (data: T) => readonly unknown[];
  /** For people. */
  readonly table: (data: T) => string;
}

/** Writes a command's results. json is the service's answer as it came, ndjson one item a line, table is for people. */
export class Output {
  readonly format: Format;
  readonly colours: Colours;
  private readonly io: Io;

  constructor(io: Io, format: Format) {
    this.io = io;
    this.format = format;
    this.colours = coloursFor(io, io.stdout);
  }

  get isTerminal(): boolean {
    return this.io.stdout.isTTY === true;
  }

  /** Columns of the screen; undefined where lines may be any length. */
  get width(): number | undefined {
    return this.isTerminal ? this.io.stdout.columns : undefined;
  }

  /** Shows an answer, given as the JSON text that came. */
  async answer<T>(text: string, show: Show<T>): Promise<void> {
    if (this.format === 'json') return this.line(text.trimEnd());
    if (this.format === 'ndjson') return this.lines(this.ndjson(text, show));
    const shown = show.table(parseForShow<T>(text));
    return shown === '' ? undefined : this.line(shown);
  }

  private ndjson<T>(text: string, show: Show<T>): readonly string[] {
    if (show.lines !== undefined) return show.lines(parseForShow<T>(text)).map((item) => JSON.stringify(item));
    const items = show.items === undefined ? undefined : memberTexts(text).get(show.items);
    return items === undefined ? [text.trim()] : itemTexts(items);
  }

  async lines(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.line(lines.join('\n'));
  }

  async line(text: string): Promise<void> {
    await write(this.io.stdout, `${text}\n`);
  }

  /** For the person at the keyboard: on standard error, so that results stay clean. */
  async note(text: string): Promise<void> {
    await write(this.io.stderr, `${text}\n`);
  }

  /** As `note`, and only where somebody reads along. */
  async hint(text: string): Promise<void> {
    if (this.isTerminal && this.io.stderr.isTTY === true && this.format === 'table')
      await this.note(coloursFor(this.io, this.io.stderr).dim(text));
  }

  table(shape: TableShape): string {
    return tableText(shape, this.colours);
  }

  list(pairs: readonly (readonly [string, Cell | Styled])[]): string {
    return listText(pairs, this.colours);
  }
}
