/** Access control lists. An entry is `user:carla:rw-`, `group::r-x`, `mask::r--`, `other::---`, each also with `default:` before it. */
import type { Caller } from './caller.ts';
import type { CallOptions } from './call.ts';
import type { AclStatus } from './types.ts';

export class Acls {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  async get(path: string, options?: CallOptions): Promise<AclStatus> {
    return (await this.#call('GETACLSTATUS', path, {}, options)).object('AclStatus') as AclStatus;
  }

  /** Replaces the whole list: it must have the entries of user, group and other. */
  async set(path: string, entries: readonly string[], options?: CallOptions): Promise<void> {
    await this.#call('SETACL', path, { aclspec: entries.join(',') }, options);
  }

  /** Adds entries, or changes those that exist. */
  async modify(path: string, entries: readonly string[], options?: CallOptions): Promise<void> {
    await this.#call('MODIFYACLENTRIES', path, { aclspec: entries.join(',') }, options);
  }

  /** Takes entries away, each named without its permission: `user:carla`. */
  async remove(path: string, entries: readonly string[], options?: CallOptions): Promise<void> {
    // The server's syntax wants the colon that ends the name, though nothing follows it.
    const named = entries.map((entry) => (/^(?:default:)?[a-z]+:[^:]*$/.test(entry) ? `${entry}:` : entry));
    await this.#call('REMOVEACLENTRIES', path, { aclspec: named.join(',') }, options);
  }

  /** Takes the entries away that new children would inherit. */
  async removeDefault(path: string, options?: CallOptions): Promise<void> {
    await this.#call('REMOVEDEFAULTACL', path, {}, options);
  }

  /** Takes all entries away; the permission stays. */
  async clear(path: string, options?: CallOptions): Promise<void> {
    await this.#call('REMOVEACL', path, {}, options);
  }
}
