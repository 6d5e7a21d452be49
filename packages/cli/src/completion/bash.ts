import type { Command } from 'commander';
import { allNodes, flagsOf, optionsOf, takesValue, treeOf, valueKind, type Node } from './tree.ts';

/** `a|b)` patterns of the options that take a value, with how it is completed. */
function valueCases(nodes: readonly Node[], program: Command): string[] {
  const seen = new Map<string, string>();
  for (const node of nodes) {
    for (const option of optionsOf(node, program)) {
      if (!takesValue(option)) continue;
      const kind = valueKind(option);
      const choices = option.argChoices ?? [];
      const how =
        choices.length > 0
          ? `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$cur"))`
          : kind === 'file'
            ? 'COMPREPLY=($(compgen -f -- "$cur"))'
            : kind === 'directory'
              ? 'COMPREPLY=($(compgen -d -- "$cur"))'
              : 'COMPREPLY=()';
      // The same option may have other choices elsewhere: the command decides, so the key holds its path.
      for (const flag of flagsOf(option)) seen.set(`${node.path.join(' ')}:${flag}`, how);
    }
  }
  return Array.from(seen, ([key, how]) => `    '${key}') ${how}; return ;;`);
}

function wordCases(nodes: readonly Node[], program: Command): string[] {
  return nodes.map((node) => {
    const words = [
      ...node.children.map((child) => child.path.at(-1)!),
      ...optionsOf(node, program).map((option) => option.long ?? option.short ?? ''),
      '--help',
    ];
    return `    '${node.path.join(' ')}') words='${words.join(' ')}' ;;`;
  });
}

/** Which words lead from a command to one below it. */
function stepCases(nodes: readonly Node[]): string[] {
  return nodes
    .filter((node) => node.path.length > 0)
    .map((node) => `      '${node.path.slice(0, -1).join(' ')}:${node.path.at(-1)!}') path='${node.path.join(' ')}' ;;`);
}

/** Completion for bash, from the tree of commands. */
export function bashCompletion(program: Command): string {
  const nodes = allNodes(treeOf(program));
  return `# bash completion of meniscus: source <(meniscus completion bash)
_meniscus() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path='' words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path:\${COMP_WORDS[i]}" in
${stepCases(nodes).join('\n')}
    esac
  done
  case "$path:$prev" in
${valueCases(nodes, program).join('\n')}
  esac
  case "$path" in
${wordCases(nodes, program).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$cur"))
}
complete -o filenames -F _meniscus meniscus
`;
}
