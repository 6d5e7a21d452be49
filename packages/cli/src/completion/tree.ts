import type { Command, Option } from 'commander';

/** A command as completion and documentation see it. */
export interface Node {
  readonly command: Command;
  /** Names from below the program, e.g. `tenant create`. */
  readonly path: readonly string[];
  readonly children: readonly Node[];
}

/** The tree below a command, without hidden ones and the built-in help. */
export function treeOf(command: Command, path: readonly string[] = []): Node {
  const visible = command.commands.filter((child) => child.name() !== 'help' && !isHidden(child));
  return { command, path, children: visible.map((child) => treeOf(child, [...path, child.name()])) };
}

function isHidden(command: Command): boolean {
  return (command as unknown as { readonly _hidden?: boolean })._hidden === true;
}

/** A node and everything below it, parents first. */
export function allNodes(node: Node): Node[] {
  return [node, ...node.children.flatMap(allNodes)];
}

/** The options that a command understands: its own, the program's, and help. */
export function optionsOf(node: Node, program: Command): Option[] {
  const own = node.command === program ? [] : [...node.command.options];
  return [...own, ...program.options].filter((option) => !option.hidden);
}

/** The spellings of an option. */
export function flagsOf(option: Option): string[] {
  return [option.short, option.long].filter((flag) => flag !== undefined && flag !== null);
}

export function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

/** Whether its value is the name of a file or a folder. */
export function valueKind(option: Option): 'file' | 'directory' | 'other' {
  const name = /<([\w-]+)>/.exec(option.flags)?.[1];
  return name === 'file' ? 'file' : name === 'dir' ? 'directory' : 'other';
}
