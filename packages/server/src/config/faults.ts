import { MeniscusError } from '../errors.ts';
import { ValueFault } from './kinds.ts';

export interface ConfigFault {
  /** The key, dotted below the top (`sources.0.port`); '' when the fault is of the whole. */
  readonly key: string;
  /** Where it is written: `--http-port`, `MENISCUS_HTTP_PORT`, `/etc/meniscus.yaml line 3`. */
  readonly where: string;
  readonly text: string;
}

/** Collects what is wrong, so that all of it is reported at once. */
export class Faults {
  readonly list: ConfigFault[] = [];
  /** Some are of the command line's form, not of a value. */
  private usage = false;

  add(key: string, where: string, text: string): void {
    this.list.push({ key, where, text });
  }

  addUsage(argument: string, text: string): void {
    this.usage = true;
    this.add('', argument, text);
  }

  /** The value, or undefined with its fault noted. */
  try<T>(key: string, where: string, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ValueFault)) throw error;
      this.add(key, where, error.message);
      return undefined;
    }
  }

  throwIfAny(): void {
    if (this.list.length === 0) return;
    const lines = this.list.map(({ key, where, text }) => (key === '' ? `${where}: ${text}` : `${where}: ${key} ${text}`));
    throw new MeniscusError(this.usage ? 'wrong_usage' : 'bad_configuration', lines.join('\n'), { errors: this.list });
  }
}
