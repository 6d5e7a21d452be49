import type { Command } from 'commander';
import { ApiClient, pathOf } from './api/client.ts';
import { connectionOf, dataDirOf, type Connection } from './api/connection.ts';
import { wrongUsage } from './errors/failure.ts';
import type { Io } from './io.ts';
import type { GlobalOptions } from './options.ts';
import { Output } from './output/output.ts';

/** One run of a command: its surroundings, its options and what follows of them. */
export class Session {
  readonly io: Io;
  readonly options: GlobalOptions;
  readonly out: Output;
  private known: Connection | undefined;

  constructor(io: Io, command: Command) {
    this.io = io;
    this.options = command.optsWithGlobals();
    this.out = new Output(io, this.options.output ?? 'table');
  }

  /** Which service; found out at its first use, so that commands without one need none. */
  get connection(): Connection {
    this.known ??= connectionOf(this.options, this.io);
    return this.known;
  }

  get dataDir(): string {
    return dataDirOf(this.options, this.io);
  }

  get client(): ApiClient {
    return new ApiClient(this.connection);
  }

  /** Looks for the service anew: after a restart it may have another port. */
  refresh(): void {
    this.known = undefined;
  }

  /** The tenant that is asked for, if any. A profile's counts only where its address does. */
  tenantIfAny(given?: string): string | undefined {
    const named = given ?? this.options.tenant ?? (this.io.env['MENISCUS_TENANT'] || undefined);
    return named ?? this.connection.profile?.tenant;
  }

  tenant(given?: string): string {
    const tenant = this.tenantIfAny(given);
    if (tenant !== undefined && tenant !== '') return tenant;
    throw wrongUsage('which tenant? None is given.', 'Use --tenant ID, the variable MENISCUS_TENANT, or a profile with one.');
  }

  /** The path of a tenant's resource. */
  tenantPath(...rest: readonly (string | number)[]): string {
    return tenantPath(this.tenant(), ...rest);
  }
}

export function tenantPath(tenant: string, ...rest: readonly (string | number)[]): string {
  return pathOf('v1', 'tenant', tenant, ...rest);
}
