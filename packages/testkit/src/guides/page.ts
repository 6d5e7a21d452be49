import { readFileSync } from 'node:fs';
import type { ServerName } from '../servers/lacks-server.ts';

/** What a page gives a test to do, in order. Readers see none of the marks: they are in the info strings of fenced blocks and in one comment. */
export type Step =
  /** ` ```python file=send.py `: the reader saves it under that name. ` ```yaml file=meniscus.yaml config `: the service of the page runs with it. */
  | { readonly kind: 'file'; readonly name: string; readonly text: string; readonly config: boolean; readonly line: number }
  /** ` ```sh run `: the reader pastes it. `until`: what it waits for comes a little later, so it is repeated until the output is as stated. */
  | { readonly kind: 'run'; readonly text: string; readonly until: boolean; readonly line: number; expected?: string };

export interface Page {
  readonly path: string;
  readonly steps: readonly Step[];
  /** The tenant that a reader has by now: `<!-- test: tenant=acme -->`. */
  readonly tenant: string | undefined;
  /** Programs that have to be installed: `<!-- test: needs=rsyslog,logger -->`. Such pages run in e2e. */
  readonly needs: readonly string[];
  /** Real servers that it speaks to at their default ports: `<!-- test: servers=opensearch,hdfs -->`. Such pages run in e2e, too. */
  readonly servers: readonly ServerName[];
}

const FENCE = /^```(\S*)(.*)$/;

interface Block {
  readonly language: string;
  readonly marks: readonly string[];
  readonly text: string;
  readonly line: number;
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const opening = FENCE.exec(lines[i]!);
    if (opening === null) continue;
    const end = lines.indexOf('```', i + 1);
    if (end < 0) throw new Error(`the block of line ${i + 1} is not closed`);
    const marks = opening[2]!.split(/\s+/).filter((mark) => mark !== '');
    blocks.push({ language: opening[1]!, marks, text: lines.slice(i + 1, end).join('\n'), line: i + 1 });
    i = end;
  }
  return blocks;
}

function stepsOf(blocks: readonly Block[]): Step[] {
  const steps: Step[] = [];
  for (const { marks, text, line } of blocks) {
    const file = marks.find((mark) => mark.startsWith('file='))?.slice('file='.length);
    const last = steps.at(-1);
    if (file !== undefined) steps.push({ kind: 'file', name: file, text: `${text}\n`, config: marks.includes('config'), line });
    else if (marks.includes('run')) steps.push({ kind: 'run', text, until: marks.includes('until'), line });
    else if (marks.includes('output')) {
      if (last?.kind !== 'run') throw new Error(`the output of line ${line} belongs to no command`);
      last.expected = text;
    }
  }
  return steps;
}

function directive(text: string, name: string): string | undefined {
  const [, inner = ''] = /<!-- test: (.*?) -->/.exec(text) ?? [];
  return new RegExp(`(?:^| )${name}=(\\S+)`).exec(inner)?.[1];
}

/** Reads a page of Markdown. Throws when its marks make no sense. */
export function readPage(path: string): Page {
  const text = readFileSync(path, 'utf8');
  return {
    path,
    steps: stepsOf(blocksOf(text)),
    tenant: directive(text, 'tenant'),
    needs: directive(text, 'needs')?.split(',') ?? [],
    servers: (directive(text, 'servers')?.split(',') ?? []) as ServerName[],
  };
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

/** Columns may be wider in one run than in another. */
function collapsed(text: string): string {
  return text
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/ $/gm, '')
    .trim();
}

/** Whether what a command wrote is what a page says, apart from the width of columns; `...` in a page stands for anything. */
export function outputMatches(expected: string, output: string): boolean {
  const pattern = collapsed(expected).split('...').map(literal).join('[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(collapsed(output));
}
