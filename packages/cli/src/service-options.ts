import type { Command } from 'commander';

/** The options of the service's own command line, as `start` and `config` take them. */
export interface ServiceOptions {
  readonly config?: string;
  readonly listen?: string;
  readonly httpPort?: string;
  readonly syslogPort?: string;
}

/** `--data-dir` is an option of every command already. */
export function addServiceOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration, YAML (MENISCUS_CONFIG)')
    .option('--listen <address>', 'for every listener that has none of its own (MENISCUS_LISTEN; 127.0.0.1)')
    .option('--http-port <n>', '0 is any free port (MENISCUS_HTTP_PORT; 8080)')
    .option('--syslog-port <n>', 'TCP and UDP (MENISCUS_SYSLOG_PORT; 5140)');
}

/** They as the service's command line takes them; it checks them. */
export function serviceArguments(options: ServiceOptions, dataDir: string | undefined, rest: readonly string[] = []): string[] {
  const flags: readonly (readonly [string, string | undefined])[] = [
    ['--config', options.config],
    ['--data-dir', dataDir],
    ['--listen', options.listen],
    ['--http-port', options.httpPort],
    ['--syslog-port', options.syslogPort],
  ];
  return [...flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])), ...rest];
}
