import type { Command, Option } from 'commander';
import { allNodes, flagsOf, optionsOf, takesValue, treeOf, valueKind, type Node } from './tree.ts';

/** A text within single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A description within an option specification of `_arguments`. */
function described(text: string): string {
  return text.replace(/[[\]\\:]/g, String.raw`\$&`);
}

function valueOf(option: Option): string {
  if (!takesValue(option)) return '';
  const choices = option.argChoices ?? [];
  if (choices.length > 0) return `:value:(${choices.join(' ')})`;
  const kind = valueKind(option);
  return kind === 'file' ? ':file:_files' : kind === 'directory' ? ':directory:_files -/' : ':value: ';
}

function optionSpecs(option: Option): string[] {
  return flagsOf(option).map((flag) => quoted(`${flag}[${described(option.description)}]${valueOf(option)}`));
}

function functionName(node: Node): string {
  return ['_meniscus', ...node.path].join('_').replaceAll('-', '_');
}

function functionOf(node: Node, program: Command): string {
  const specs = optionsOf(node, program).flatMap(optionSpecs);
  specs.push(quoted('(- *)--help[shows help]'));
  if (node.children.length === 0)
    return `${functionName(node)}() {\n  _arguments -s ${[...specs, quoted('*:argument:_files')].join(' ')}\n}`;
  const commands = node.children.map((child) => quoted(`${child.path.at(-1)!}:${described(child.command.description())}`));
  const cases = node.children.map((child) => `    ${child.path.at(-1)!}) ${functionName(child)} ;;`);
  return `${functionName(node)}() {
  local line state context
  local -A opt_args
  local -a commands=(${commands.join(' ')})
  _arguments -C ${[...specs, quoted('1: :->command'), quoted('*::argument:->rest')].join(' ')}
  if [[ $state == command ]]; then
    _describe command commands
    return
  fi
  case $line[1] in
${cases.join('\n')}
  esac
}`;
}

/** Completion for zsh, from the tree of commands: one function for each. */
export function zshCompletion(program: Command): string {
  const nodes = allNodes(treeOf(program));
  return `#compdef meniscus
# zsh completion of meniscus: source <(meniscus completion zsh), after compinit
${nodes.map((node) => functionOf(node, program)).join('\n')}
compdef _meniscus meniscus
`;
}
