/** Quotas of a directory: of names (files and directories) and of space (bytes, every replica counted). */
import type { Caller } from './caller.ts';
import type { CallOptions } from './call.ts';
import type { QuotaUsage } from './types.ts';

/** Takes a quota away. */
const RESET = -1;

export class Quotas {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  async get(path: string, options?: CallOptions): Promise<QuotaUsage> {
    return (await this.#call('GETQUOTAUSAGE', path, {}, options)).object('QuotaUsage') as QuotaUsage;
  }

  /** What is left out stays; null takes it away. Only the superuser may. */
  async set(
    path: string,
    quota: { names?: number | null | undefined; space?: number | null | undefined },
    options?: CallOptions,
  ): Promise<void> {
    const parameters = {
      namespacequota: quota.names === null ? RESET : quota.names,
      storagespacequota: quota.space === null ? RESET : quota.space,
    };
    await this.#call('SETQUOTA', path, parameters, options);
  }

  /** Of one kind of storage: `DISK`, `SSD`, `ARCHIVE`, ... */
  async setByStorageType(path: string, storageType: string, space: number | null, options?: CallOptions): Promise<void> {
    await this.#call('SETQUOTABYSTORAGETYPE', path, { storagetype: storageType, storagespacequota: space ?? RESET }, options);
  }
}
