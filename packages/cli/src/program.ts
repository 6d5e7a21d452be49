import { Command } from 'commander';
import { commands } from './commands/index.ts';
import type { Io } from './io.ts';
import { addGlobalOptions } from './options.ts';
import { version } from './version.ts';

const exitCodes = `
Exit codes: 0 done, 1 failed (a refused query or configuration too), 2 wrong usage.

Which service: a flag (--url, --data-dir, --profile), else the environment (MENISCUS_URL, MENISCUS_DATA_DIR, MENISCUS_PROFILE),
else the profile in use, else ./data. The key: --api-key-file, else what lies beside the address that was named, else MENISCUS_API_KEY.`;

/** The whole command line. It writes to `io` only and throws instead of ending the process. */
export function createProgram(io: Io): Command {
  const program = new Command('meniscus')
    .description('Logging as a service for many tenants: runs the service and works with it.')
    .version(version, '-V, --version', 'shows the version')
    .helpOption('-h, --help', 'shows help')
    .helpCommand('help [command]', 'shows help for a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'meniscus: ')),
    })
    .showHelpAfterError('(--help lists what there is)')
    .exitOverride();
  addGlobalOptions(program);
  for (const [heading, adds] of commands) {
    program.commandsGroup(heading);
    for (const add of adds) add(program, io);
  }
  return program.addHelpText('after', exitCodes);
}
