import { hint } from './closest.ts';
import type { Faults } from './faults.ts';
import { flagOf, keys, scalarKeys } from './keys.ts';
import type { ScalarKey } from './keys.ts';

export interface Flags {
  readonly config: string | undefined;
  readonly values: ReadonlyMap<ScalarKey, string>;
}

/** `--key value` and `--key=value`; a key of true or false may stand alone. Of a flag given twice the last counts. */
export function parseFlags(argv: readonly string[], faults: Faults): Flags {
  const byFlag = new Map<string, ScalarKey | 'config'>([['--config', 'config'], ...scalarKeys.map((key) => [flagOf(key), key] as const)]);
  const values = new Map<ScalarKey, string>();
  let config: string | undefined;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    const equals = argument.indexOf('=');
    const name = equals === -1 ? argument : argument.slice(0, equals);
    const key = byFlag.get(name);
    if (key === undefined) {
      faults.addUsage(
        name,
        argument.startsWith('-') ? `there is no such option${hint(name, [...byFlag.keys()])}` : 'is no option; options begin with --',
      );
      continue;
    }
    const alone = key !== 'config' && keys[key].kind.form === 'true|false' && !/^(true|false)$/.test(argv[i + 1] ?? '');
    const value = equals !== -1 ? argument.slice(equals + 1) : alone ? 'true' : argv[++i];
    if (value === undefined) faults.addUsage(name, 'needs a value');
    else if (key === 'config') config = value;
    else values.set(key, value);
  }
  return { config, values };
}
