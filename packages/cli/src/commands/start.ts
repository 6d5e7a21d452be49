import type { Command } from 'commander';
import { action } from '../command.ts';
import type { Io } from '../io.ts';
import { addServiceOptions, serviceArguments, type ServiceOptions } from '../service-options.ts';
import { serverParts } from '../server.ts';

export function addStart(program: Command, io: Io): void {
  addServiceOptions(program.command('start'))
    .description('run the service in the foreground')
    .allowUnknownOption()
    .argument('[options...]', 'further options of the service, like --log-level debug')
    .action(
      action<ServiceOptions, [string[]]>(io, async (session, options, rest) => {
        const { main } = await serverParts.main();
        await main(serviceArguments(options, session.options.dataDir, rest));
      }),
    );
}
