import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as query from '../../packages/query/src/parser/limits.ts';
import { keys, scalarKeys, type Key } from '../../packages/server/src/config/keys.ts';
import { limits } from '../../packages/server/src/limits.ts';
import { root } from '../lib/steps.ts';
import { bytes, cell, code, duration, generatedBy, page, table } from './markdown.ts';

/** The comment before each declaration of a source file; one comment counts for all that follow it up to the next. */
function commentsIn(file: string, declaration: RegExp): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  const text = readFileSync(path.join(root, file), 'utf8');
  const starts = [...text.matchAll(/\/\*\*([\s\S]*?)\*\//g)];
  for (const [i, { index, 0: whole, 1: inner }] of starts.entries()) {
    const comment = inner!.replaceAll(/\s*\n\s*\*\s*/g, ' ').trim();
    const following = text.slice(index + whole.length, starts[i + 1]?.index);
    for (const [, name] of following.matchAll(declaration)) comments.set(name!, comment);
  }
  return comments;
}

function valueOf(name: string, value: number): string {
  if (/bytes/i.test(name)) return bytes(value);
  return name.endsWith('Ms') ? duration(value) : value.toLocaleString('en');
}

/** Keys of the configuration whose default is this limit. */
const configurable: Readonly<Record<string, keyof typeof keys>> = {
  queueBytes: 'queue_max_bytes',
  diskReserveBytes: 'disk_reserve_bytes',
  syslogMessageBytes: 'syslog_message_max_bytes',
  searchDeadlineMs: 'search_deadline',
};

function keyOf(name: string): string {
  const key = configurable[name];
  return key !== undefined && scalarKeys.includes(key) && (keys[key] as Key<unknown>).default === limits[name as keyof typeof limits]
    ? `[\`${key}\`](config.md)`
    : '';
}

/** docs/reference/limits.md */
export function limitsReference(): string {
  const service = commentsIn('packages/server/src/limits.ts', /^ {2}(\w+):/gm);
  const language = commentsIn('packages/query/src/parser/limits.ts', /^export const (\w+)/gm);
  return page(
    '# Limits',
    `${generatedBy} Every buffer, list and body has a limit; this is what happens at each. A limit with a key can be changed by the [configuration](config.md).`,
    table(
      ['limit', 'value', 'what happens', 'key'],
      Object.entries(limits).map(([name, value]) => [code(name), valueOf(name, value), cell(service.get(name) ?? ''), keyOf(name)]),
    ),
    '## Queries',
    'A query above one of these is 400.',
    table(
      ['limit', 'value', ''],
      Object.entries(query).flatMap(([name, value]) =>
        typeof value === 'number' ? [[code(name), value.toLocaleString('en'), cell(language.get(name) ?? '')]] : [],
      ),
    ),
  );
}
