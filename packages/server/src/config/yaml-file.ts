import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { Faults } from './faults.ts';
import { messageOf } from '../errors.ts';

export interface YamlFile {
  readonly values: Readonly<Record<string, unknown>>;
  /** `FILE line N` of a value, by its path from the top. */
  readonly where: (path: readonly (string | number)[]) => string;
}

/** Reads a configuration file; what makes it unreadable is noted and the file is then empty. */
export function readYamlFile(path: string, faults: Faults): YamlFile {
  const lines = new LineCounter();
  const nothing: YamlFile = { values: {}, where: () => path };
  try {
    const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines, prettyErrors: true });
    for (const error of document.errors) faults.add('', path, (error.message.split('\n')[0] ?? '').replace(/:$/, ''));
    if (document.errors.length > 0) return nothing;
    const values: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
    if (typeof values === 'object' && !Array.isArray(values)) {
      return { values: values as Record<string, unknown>, where: (of) => `${path}${lineOf(document, lines, of)}` };
    }
    faults.add('', path, 'must hold keys and values');
  } catch (error) {
    faults.add('', path, `cannot be read: ${messageOf(error)}`);
  }
  return nothing;
}

function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): string {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(part));
      offset = rangeStart(pair?.key) ?? offset;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = rangeStart(node) ?? offset;
    }
  }
  return offset === undefined ? '' : ` line ${lines.linePos(offset).line}`;
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] } | undefined)?.range?.[0];
}
