/** Erasure coding: parity in place of replicas. */
import type { Caller } from './caller.ts';
import type { CallOptions } from './call.ts';
import type { ErasureCodingPolicy, ErasureCodingPolicyInfo } from './types.ts';

export class ErasureCoding {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** All policies of the cluster and whether they are enabled. */
  async policies(options?: CallOptions): Promise<ErasureCodingPolicyInfo[]> {
    return (await this.#call('GETECPOLICIES', '/', {}, options)).list('ErasureCodingPolicies', 'ErasureCodingPolicyInfo');
  }

  /** Codecs and their coders: `rs` to `rs_native, rs_java`. */
  async codecs(options?: CallOptions): Promise<Map<string, string>> {
    const answer = await this.#call('GETECCODECS', '/', {}, options);
    return new Map(Object.entries(answer.object('ErasureCodingCodecs') as Record<string, string>));
  }

  /** Undefined where files are replicated. */
  async get(path: string, options?: CallOptions): Promise<ErasureCodingPolicy | undefined> {
    const answer = await this.#call('GETECPOLICY', path, {}, options);
    return answer.value === null || answer.value === undefined ? undefined : (answer.object() as ErasureCodingPolicy);
  }

  /** For the files that are written below a directory from now on. */
  async set(path: string, policy: string, options?: CallOptions): Promise<void> {
    await this.#call('SETECPOLICY', path, { ecpolicy: policy }, options);
  }

  async unset(path: string, options?: CallOptions): Promise<void> {
    await this.#call('UNSETECPOLICY', path, {}, options);
  }

  /** Only the superuser may. */
  async enable(policy: string, options?: CallOptions): Promise<void> {
    await this.#call('ENABLEECPOLICY', '/', { ecpolicy: policy }, options);
  }

  /** Only the superuser may. Files that have it stay as they are. */
  async disable(policy: string, options?: CallOptions): Promise<void> {
    await this.#call('DISABLEECPOLICY', '/', { ecpolicy: policy }, options);
  }
}
