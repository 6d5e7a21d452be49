/** Storage policies: on which kinds of storage blocks are kept. */
import type { Caller } from './caller.ts';
import type { CallOptions } from './call.ts';
import type { StoragePolicy } from './types.ts';

export class StoragePolicies {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** All policies of the cluster. */
  async all(options?: CallOptions): Promise<StoragePolicy[]> {
    return (await this.#call('GETALLSTORAGEPOLICY', '/', {}, options)).list('BlockStoragePolicies', 'BlockStoragePolicy');
  }

  async get(path: string, options?: CallOptions): Promise<StoragePolicy> {
    return (await this.#call('GETSTORAGEPOLICY', path, {}, options)).object('BlockStoragePolicy') as StoragePolicy;
  }

  async set(path: string, name: string, options?: CallOptions): Promise<void> {
    await this.#call('SETSTORAGEPOLICY', path, { storagepolicy: name }, options);
  }

  /** Back to the policy of the parent. */
  async unset(path: string, options?: CallOptions): Promise<void> {
    await this.#call('UNSETSTORAGEPOLICY', path, {}, options);
  }

  /** Moves the blocks that are not where the policy wants them. */
  async satisfy(path: string, options?: CallOptions): Promise<void> {
    await this.#call('SATISFYSTORAGEPOLICY', path, {}, options);
  }
}
