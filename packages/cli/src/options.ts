import { Option, type Command } from 'commander';
import { formats, type Format } from './output/output.ts';

/** The options that every command has. */
export interface GlobalOptions {
  readonly url?: string;
  readonly apiKeyFile?: string;
  readonly dataDir?: string;
  readonly profile?: string;
  readonly tenant?: string;
  readonly output?: Format;
}

/** Adds them; they are understood before and after the command's name. */
export function addGlobalOptions(program: Command): void {
  program
    .option('--url <url>', 'the address of the service (MENISCUS_URL)')
    .option('--api-key-file <file>', 'a file with the API key (the key itself: MENISCUS_API_KEY)')
    .option('--data-dir <dir>', 'the data directory of a service on this computer: has its address and key (MENISCUS_DATA_DIR; ./data)')
    .option('--profile <name>', 'a profile that `meniscus login` wrote (MENISCUS_PROFILE)')
    .option('-t, --tenant <id>', "the tenant (MENISCUS_TENANT, or the profile's)")
    .addOption(
      new Option('-o, --output <format>', "table for people, json is the service's answer, ndjson one item a line").choices(formats),
    );
}
