/**
 * Physical to logical lines. A field may span physical lines: every `%` toggles "inside a field", and a line feed inside one is dropped.
 */
export interface LogicalLine {
  /** A byte string. */
  text: string;
  /** Line feeds read so far: the number of the last physical line of the logical one. */
  line: number;
  /** Why the line cannot be used. */
  problem?: 'line-too-long' | 'runaway-rule';
}

export interface ReadOptions {
  /** Lines before the first one of `text`, such as the version line. */
  firstLine: number;
  maxBytes: number;
  /** Files only: an unterminated field is given up when a following line starts with `rule=`. */
  detectRunaway: boolean;
}

const NEXT_RULE = 'rule=';

/** Where the first line at or after `at` that is neither empty nor a comment starts. */
function nextContent(text: string, at: number): number {
  let start = at;
  for (;;) {
    const byte = text[start];
    if (byte === '\n') start += 1;
    else if (byte === '#') {
      const end = text.indexOf('\n', start);
      if (end < 0) return text.length;
      start = end + 1;
    } else return start;
  }
}

export function* logicalLines(text: string, options: ReadOptions): Generator<LogicalLine> {
  const reader = new LineReader(text, options);
  for (let line = reader.next(); line !== undefined; line = reader.next()) yield line;
}

class LineReader {
  private readonly text: string;
  private readonly options: ReadOptions;
  private at = 0;
  private lines: number;
  /** Where a runaway check last looked and found no rule: nothing before that needs a second look. */
  private quietUntil = 0;

  constructor(text: string, options: ReadOptions) {
    this.text = text;
    this.options = options;
    this.lines = options.firstLine;
  }

  next(): LogicalLine | undefined {
    this.skipBlanksAndComments();
    if (this.at >= this.text.length) return undefined;
    const parts: string[] = [];
    let bytes = 0;
    let inField = false;
    for (;;) {
      const end = this.text.indexOf('\n', this.at);
      const piece = this.text.slice(this.at, end < 0 ? this.text.length : end);
      bytes += piece.length;
      if (bytes <= this.options.maxBytes) parts.push(piece);
      inField = toggles(piece) ? !inField : inField;
      this.at = end < 0 ? this.text.length : end + 1;
      if (end >= 0) this.lines += 1;
      if (end < 0 || !inField) return this.finish(parts, bytes);
      if (this.runaway()) return { text: parts.join(''), line: this.lines, problem: 'runaway-rule' };
    }
  }

  private finish(parts: string[], bytes: number): LogicalLine {
    const line: LogicalLine = { text: parts.join(''), line: this.lines };
    if (bytes > this.options.maxBytes) line.problem = 'line-too-long';
    return line;
  }

  private skipBlanksAndComments(): void {
    for (;;) {
      const byte = this.text[this.at];
      if (byte === '\n') {
        this.at += 1;
        this.lines += 1;
      } else if (byte === '#') {
        const end = this.text.indexOf('\n', this.at);
        this.at = end < 0 ? this.text.length : end + 1;
        if (end >= 0) this.lines += 1;
      } else return;
    }
  }

  private runaway(): boolean {
    if (!this.options.detectRunaway || this.at < this.quietUntil) return false;
    const content = nextContent(this.text, this.at);
    if (this.text.startsWith(NEXT_RULE, content)) return true;
    this.quietUntil = content;
    return false;
  }
}

/** Whether an odd number of percent signs flips the state. */
function toggles(piece: string): boolean {
  let odd = false;
  for (let at = piece.indexOf('%'); at >= 0; at = piece.indexOf('%', at + 1)) odd = !odd;
  return odd;
}
