import type { Argument, Command, Option } from 'commander';
import { allNodes, treeOf, type Node } from './completion/tree.ts';
import { commands } from './commands/index.ts';
import { processIo } from './io.ts';
import { createProgram } from './program.ts';

/** A text in a cell of a table. */
function cell(text: string): string {
  return text
    .replaceAll('|', String.raw`\|`)
    .replaceAll('\n', ' ')
    .replaceAll('<', '&lt;');
}

function extras({ defaultValue, argChoices }: Pick<Option, 'defaultValue' | 'argChoices'>): string {
  const parts = [
    ...(argChoices === undefined ? [] : [`one of ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`]),
    ...(defaultValue === undefined ? [] : [`default \`${String(defaultValue)}\``]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

function optionRows(options: readonly Option[]): string[] {
  return options
    .filter((option) => !option.hidden)
    .map((option) => `| \`${option.flags.replaceAll('|', String.raw`\|`)}\` | ${cell(option.description)}${extras(option)} |`);
}

function argumentRows(list: readonly Argument[]): string[] {
  return list.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return `| \`${argument.required ? `<${name}>` : `[${name}]`}\` | ${cell(argument.description)}${extras(argument)} |`;
  });
}

function rowsTable(rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : ['', '| | |', '| --- | --- |', ...rows];
}

function usage({ command, path }: Node): string {
  return ['meniscus', ...path, command.usage().replace(/^\[options\] ?/, '')].join(' ').trim();
}

function commandSection(node: Node): string[] {
  const { command, path } = node;
  const rows = [...argumentRows(command.registeredArguments), ...optionRows(command.options)];
  return [
    '',
    `${'#'.repeat(Math.min(4, 2 + path.length))} meniscus ${path.join(' ')}`,
    '',
    `${capital(command.description())}.`,
    ...(node.children.length > 0 && rows.length === 0 ? [] : ['', '```sh', usage(node), '```']),
    ...rowsTable(rows),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function group(program: Command, heading: string, names: ReadonlySet<string>): string[] {
  const nodes = treeOf(program).children.filter((node) => names.has(node.path[0]!));
  return ['', `## ${heading.replace(/:$/, '')}`, ...nodes.flatMap((node) => allNodes(node).flatMap(commandSection))];
}

/** The names of the commands under each heading: those that were added under it. */
function headings(program: Command): (readonly [string, ReadonlySet<string>])[] {
  let next = 0;
  return commands.map(([heading, adds]) => {
    const names = program.commands.slice(next, next + adds.length).map((command) => command.name());
    next += adds.length;
    return [heading, new Set(names)] as const;
  });
}

const introduction = `# The command line

Generated from the commands: \`npm run docs\`.

\`npx meniscus <command>\` in the repository; \`meniscus <command>\` where the package is installed. The command speaks the HTTP API;
\`start\`, \`config\`, \`store\` and \`key recover\` work on this computer without it.

## Which service, and as whom

| asked in this order | address | key |
| --- | --- | --- |
| flags | \`--url\`; \`--data-dir\`: its \`run.json\`; \`--profile\` | \`--api-key-file\`; \`--data-dir\`: its \`admin.key\`; \`--profile\` |
| environment | \`MENISCUS_URL\`, \`MENISCUS_DATA_DIR\`, \`MENISCUS_PROFILE\` | \`MENISCUS_API_KEY\`, else beside the address |
| the profile in use (\`meniscus login\`) | its address | its key |
| the folder | \`./data/run.json\` | \`./data/admin.key\` |

A key that only lies beside an address (in a profile or a data directory) is sent to that address and to no other.
The tenant is \`--tenant\`, else \`MENISCUS_TENANT\`, else the profile's. Message tokens for \`send\`: \`--token-file\`, else \`MENISCUS_TOKEN\`, else the API key finds it out.
Profiles are in \`$XDG_CONFIG_HOME/meniscus/profiles.json\` (\`~/.config\` without the variable), mode 0600.

A query that begins with \`-\` stands after \`--\`: \`meniscus search -- -level:debug\`.

## Output

\`--output table\` is for people: times to the millisecond, control characters written out as escapes. \`json\` is the service's answer as it came, \`ndjson\` one item a
line, both with every number as it was. Results are on standard output, everything else on standard error. Colours are used on a terminal only, and never with \`NO_COLOR\`.

Exit codes: 0 done, 1 failed (a refused query or configuration too), 2 wrong usage. A reader that goes away (\`| head\`) is no failure.
`;

/** docs/reference/cli.md: what every command does, from the tree of commands. */
export function cliReference(): string {
  const program = createProgram(processIo());
  const global = ['', '## Options of every command', ...rowsTable(optionRows(program.options))];
  const sections = headings(program).flatMap(([heading, names]) => group(program, heading, names));
  return `${[introduction.trimEnd(), ...global, ...sections].join('\n')}\n`;
}
