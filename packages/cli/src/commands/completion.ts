import { Argument, type Command } from 'commander';
import { action } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { write, type Io } from '../io.ts';

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export function addCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .description('the completion of commands and options for a shell, e.g. `source <(meniscus completion bash)`')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(shells)))
    .action(action<unknown, [keyof typeof shells]>(io, async (_session, _options, shell) => write(io.stdout, shells[shell](program))));
}
