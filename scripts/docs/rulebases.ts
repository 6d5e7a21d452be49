import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../lib/steps.ts';
import { code, generatedBy, page, table } from './markdown.ts';
import { commonNames } from './rulebase-names.ts';
import { describeRulebase, type RulebaseDescription } from './rulebase-text.ts';

const PACKAGE = path.join(root, 'packages/lognorm');
const EXTENSION = '.rb';

interface Sample {
  readonly line: string;
  readonly event: Readonly<Record<string, unknown>>;
}

interface Shipped extends RulebaseDescription {
  readonly name: string;
  /** Lines of its tests; those without any read whole lines of log files. */
  readonly samples: readonly Sample[];
}

function samplesOf(name: string): Sample[] {
  try {
    const text = readFileSync(path.join(PACKAGE, 'test/fixtures/rulebases', `${name}.ndjson`), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Sample);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function shippedRulebases(): Shipped[] {
  const directory = path.join(PACKAGE, 'rulebases');
  const names = readdirSync(directory)
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort();
  return names.map((name) => {
    const described = describeRulebase(readFileSync(path.join(directory, `${name}${EXTENSION}`), 'utf8'));
    return { name, samples: samplesOf(name), ...described };
  });
}

/** Fails when a test's event has a field that the text of the rulebase does not seem to have: the page would lack it. */
function checkComplete({ name, samples, fields }: Shipped): void {
  for (const { event } of samples) {
    for (const [field, value] of Object.entries(event)) {
      if (field === 'event.tags' || field === 'outcome') continue;
      const numeric = fields.get(field);
      if (numeric === undefined) throw new Error(`${name}.rb: the field "${field}" was not found in the rules`);
      if (numeric !== (typeof value === 'number'))
        throw new Error(`${name}.rb: "${field}" is a ${typeof value} in "${JSON.stringify(event)}"`);
    }
  }
}

function listOf(fields: Iterable<string>, described: ReadonlyMap<string, boolean>): string {
  return [...fields].map((field) => `${code(field)}${described.get(field) === true ? ' #' : ''}`).join(', ');
}

function sectionOf(rulebase: Shipped): string {
  const { name, comment, tags, fields, samples } = rulebase;
  const rows = [...tags].map(([tag, names]) => [tag === '' ? '' : code(tag), listOf(names, fields)]);
  const sample = samples.find(({ event }) => event['host'] === undefined);
  const example = sample === undefined ? '' : ['```json', JSON.stringify({ [name]: sample.event }), '```'].join('\n');
  return page(
    `## ${name}`,
    comment,
    sample === undefined ? '' : ['```text', sample.line.trim(), '```'].join('\n'),
    example,
    table(['tag', 'fields'], rows),
  ).trimEnd();
}

/** The names that several rulebases use, what they mean, and who uses them. */
function commonTable(rulebases: readonly Shipped[]): string {
  const rows = Object.entries(commonNames).map(([name, meaning]) => {
    const users = rulebases.filter(({ fields }) => fields.has(name));
    if (users.length < 2) throw new Error(`rulebase-names.ts: "${name}" is not a common name`);
    const types = new Set(users.map(({ fields }) => (fields.get(name) === true ? 'number' : 'text')));
    return [code(name), [...types].sort().join(' or '), meaning, users.map((user) => user.name).join(', ')];
  });
  return table(['field', 'type', 'what it is', 'in'], rows);
}

/** docs/reference/rulebases.md */
export function rulebasesReference(): string {
  const all = shippedRulebases();
  for (const rulebase of all) checkComplete(rulebase);
  const messages = all.filter(({ samples }) => samples.length > 0);
  const files = all.filter(({ samples }) => samples.length === 0);
  return page(
    '# Shipped rulebases',
    `${generatedBy} Every tenant has these; give a producer the name of one as its \`pattern\` ([guide](../guides/normalize-your-logs.md)). Its events then have the fields as \`normalized.<name>.<field>\`.`,
    `They read the message without its syslog header, with or without a blank before it, and lines of files that have the header (\`host\` and \`pid\` are then fields too). Fields marked \`#\` are numbers and can be compared (\`status>=500\`). What a program leaves empty or writes as \`-\` is left out.
A line that no rule knows stays without fields and is [listed](../guides/normalize-your-logs.md) as unparsed. \`event.tags\` says which kind of message it was; \`outcome\` is \`success\` or \`failure\` where something was tried.`,
    `Devices of Cisco send the name of the message where others send that of the program (\`%ASA-6-302013\`): a producer called \`%ASA\` gets all of them, \`npx meniscus producer add %ASA --pattern cisco-asa\`.`,
    '## Common names',
    commonTable(messages),
    ...messages.map(sectionOf),
    '## Log files of other programs',
    'These read whole lines, with the date that the program writes.',
    ...files.map((rulebase) => sectionOf(rulebase).replace('## ', '### ')),
  );
}
