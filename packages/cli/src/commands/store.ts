import type { Command } from 'commander';
import type { Io } from '../io.ts';

export function addStore(program: Command, _io: Io): void {
  program.command('store').description('the store in the data directory, without the service');
}
