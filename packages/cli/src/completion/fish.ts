import type { Command, Option } from 'commander';
import { allNodes, takesValue, treeOf, valueKind, type Node } from './tree.ts';

/** A text within single quotes of fish. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, String.raw`\$&`)}'`;
}

/** True when exactly these words of commands were given. */
function condition(path: readonly string[], children: readonly string[]): string {
  return quoted(`__meniscus_at ${path.length} ${[...path, '--', ...children].join(' ')}`.trim());
}

function optionLine(option: Option, when: string): string {
  const names = [
    ...(option.short === undefined ? [] : [`-s ${option.short.slice(1)}`]),
    ...(option.long === undefined || option.long === null ? [] : [`-l ${option.long.slice(2)}`]),
  ];
  const choices = option.argChoices ?? [];
  const kind = valueKind(option);
  const value = !takesValue(option) ? '' : choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : kind === 'other' ? ' -x' : ' -r -F';
  return `complete -c meniscus${when} ${names.join(' ')}${value} -d ${quoted(option.description)}`;
}

function linesOf(node: Node): string[] {
  const children = node.children.map((child) => child.path.at(-1)!);
  const when = condition(node.path, children);
  const commands = node.children.map(
    (child) => `complete -c meniscus -n ${when} -f -a ${child.path.at(-1)!} -d ${quoted(child.command.description())}`,
  );
  const own = node.path.length === 0 ? [] : node.command.options.filter((option) => !option.hidden);
  return [...commands, ...own.map((option) => optionLine(option, ` -n ${when}`))];
}

/** Completion for fish, from the tree of commands. */
export function fishCompletion(program: Command): string {
  const nodes = allNodes(treeOf(program));
  return `# fish completion of meniscus: meniscus completion fish | source
function __meniscus_at
  # __meniscus_at DEPTH WORD... -- CHILD...: these commands were given, and none of the children after them.
  set -l depth $argv[1]
  set -l rest $argv[2..-1]
  set -l split (contains -i -- -- $rest)
  set -l words
  test $split -gt 1; and set words $rest[1..(math $split - 1)]
  set -l children $rest[(math $split + 1)..-1]
  set -l given (commandline -opc)
  set -e given[1]
  set -l found 0
  for word in $given
    if test $found -lt $depth
      set -l next (math $found + 1)
      test "$word" = "$words[$next]"; and set found $next
    else if contains -- $word $children
      return 1
    end
  end
  test $found -eq $depth
end
${nodes.flatMap(linesOf).join('\n')}
${program.options.map((option) => optionLine(option, '')).join('\n')}
`;
}
