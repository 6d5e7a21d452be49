/** Extended attributes. A name begins with its namespace: `user.`, `trusted.`, `system.`, `security.`, `raw.`. Values are bytes. */
import type { Caller } from './caller.ts';
import { tryParse, type CallOptions } from './call.ts';

export class XAttrs {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** The named attributes, or all that the user may see. A name that is not there is an error of the server. */
  async get(path: string, names: readonly string[] = [], options?: CallOptions): Promise<Map<string, Buffer>> {
    const answer = await this.#call('GETXATTRS', path, { 'xattr.name': names, encoding: 'hex' }, options);
    const attributes = answer.list<{ name: string; value?: string | null }>('XAttrs');
    return new Map(attributes.map(({ name, value }) => [name, decode(value)]));
  }

  /** The names of all that the user may see. */
  async list(path: string, options?: CallOptions): Promise<string[]> {
    // A list as JSON inside of a JSON string: so it is documented.
    const answer = await this.#call('LISTXATTRS', path, {}, options);
    const names = parseNames(answer.string('XAttrNames'));
    if (names === undefined) throw answer.error('the answer has no list of names');
    return names;
  }

  /** By default an attribute is made or replaced; `create` fails when it exists, `replace` when it does not. */
  async set(
    path: string,
    name: string,
    value: Uint8Array | string,
    options: CallOptions & { mode?: 'create' | 'replace' | undefined } = {},
  ): Promise<void> {
    const flag = options.mode === undefined ? 'CREATE,REPLACE' : options.mode.toUpperCase();
    const encoded = `0x${Buffer.from(value as string).toString('hex')}`;
    await this.#call('SETXATTR', path, { 'xattr.name': name, 'xattr.value': encoded, flag }, options);
  }

  async remove(path: string, name: string, options?: CallOptions): Promise<void> {
    await this.#call('REMOVEXATTR', path, { 'xattr.name': name }, options);
  }
}

/** Hexadecimal was asked for; an empty value comes as nothing, and text in quotes is what the shell shows. */
function decode(value: string | null | undefined): Buffer {
  if (value === null || value === undefined) return Buffer.alloc(0);
  if (/^0x/i.test(value)) return Buffer.from(value.slice(2), 'hex');
  if (/^0s/i.test(value)) return Buffer.from(value.slice(2), 'base64');
  return Buffer.from(value.replace(/^"([\s\S]*)"$/, '$1'));
}

function parseNames(text: string): string[] | undefined {
  const names = tryParse(text);
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
}
