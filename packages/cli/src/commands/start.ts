import type { Command } from 'commander';
import { action } from '../command.ts';
import { Failure } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { addServiceOptions, serviceArguments, type ServiceOptions } from '../service-options.ts';
import { serverParts } from '../server.ts';

export function addStart(program: Command, io: Io): void {
  addServiceOptions(program.command('start'))
    .description('run the service in the foreground')
    .allowUnknownOption()
    .allowExcessArguments()
    .argument('[options...]', 'further options go to the service as they are')
    .action(
      action<ServiceOptions, [string[]]>(io, async (session, options, rest) => {
        const { main } = await serverParts.main();
        const code = await main(serviceArguments(options, session.options.dataDir, rest));
        if (typeof code === 'number' && code !== 0) throw new Failure(`the service ended with code ${code}`);
      }),
    );
}
