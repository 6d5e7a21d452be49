/** Delegation tokens: credentials that a user gets once and gives to a service, which uses them until they expire. Treat them as passwords. */
import type { Caller } from './caller.ts';
import type { CallOptions } from './call.ts';

export class DelegationTokens {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** A new token for `delegationToken`; undefined from a cluster without security, which has none to give. */
  async get(
    options: CallOptions & { renewer?: string | undefined; service?: string | undefined; kind?: string | undefined } = {},
  ): Promise<string | undefined> {
    const { renewer, service, kind } = options;
    const answer = await this.#call('GETDELEGATIONTOKEN', '/', { renewer, service, kind }, options);
    if ((answer.value as { Token?: unknown } | null | undefined)?.Token === null) return undefined;
    return answer.string('Token', 'urlString');
  }

  /** Only its renewer may. The time of the new end. */
  async renew(token: string, options?: CallOptions): Promise<Date> {
    return new Date((await this.#call('RENEWDELEGATIONTOKEN', '/', { token }, options)).number('long'));
  }

  async cancel(token: string, options?: CallOptions): Promise<void> {
    await this.#call('CANCELDELEGATIONTOKEN', '/', { token }, options);
  }
}
