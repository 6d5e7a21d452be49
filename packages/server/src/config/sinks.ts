import { sinkKind, sinkTypes, STORE } from '../sinks/index.ts';
import type { BatchLimits, Setting } from '../sinks/writer.ts';
import { hint } from './closest.ts';
import type { Config, SinkConfig } from './config.ts';
import { expandVariables, type Variables } from './expand.ts';
import type { Faults } from './faults.ts';
import { duration, integer, size, ValueFault } from './kinds.ts';

const DAY_MS = 86_400_000;
const GIB = 2 ** 30;
const NAME = /^[a-z0-9][a-z0-9_.-]{0,63}$/;

/** What every sink takes besides the settings of its kind. */
export const commonSettings = {
  batch_max_events: { kind: integer('COUNT', 1, 100_000), text: 'A batch is written at so many events.' },
  batch_max_bytes: { kind: size(1 << 10, GIB), text: 'A batch is written at so many bytes, as events take them in the queue.' },
  batch_max_age: { kind: duration(0, DAY_MS), text: 'A batch is written so long after its first event.' },
  timeout: { kind: duration(10, DAY_MS), text: 'How long the server may take for one request.', default: 10_000 },
  retry_max_age: {
    kind: duration(1, 3650 * DAY_MS),
    text: 'How long a batch is tried, from its first try; then what is left of it goes to the dead letters. Left out: as long as it takes.',
    optional: true,
  },
  queue_max_bytes: {
    kind: size(1 << 20, 64 * 2 ** 40),
    text: 'How far the sink may lag in the queue of an ingest thread; above it sources are told to stop. Left out: only the limit of the whole queue.',
    optional: true,
  },
} as const satisfies Readonly<Record<string, Setting<number>>>;

export interface SinksInput {
  readonly value: unknown;
  readonly where: (path: readonly (string | number)[]) => string;
  readonly faults: Faults;
  readonly cwd: string;
  readonly env: Variables;
}

/** Names of all sinks that this configuration has; `store` is always there. */
export function configuredSinks(config: Config): readonly string[] {
  return [STORE, ...config.sinks.map(({ name }) => name)];
}

/** The list under `sinks`: faults are noted by field, and a faulty sink is left out. */
export function parseSinks(input: SinksInput): readonly SinkConfig[] {
  const { value, where, faults } = input;
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) {
    faults.add('sinks', where(['sinks']), 'must be a list of sinks');
    return [];
  }
  const sinks = value.map((one: unknown, index) => new SinkReader(input, index, one).read());
  const seen = new Set<string>([STORE]);
  for (const [index, sink] of sinks.entries()) {
    if (sink === undefined) continue;
    const { name } = sink;
    const text = name === STORE ? 'is store, which is the built-in sink' : `is ${name}, which another sink has`;
    if (seen.has(name)) faults.add(`sinks.${index}.name`, where(['sinks', index, 'name']), text);
    seen.add(name);
  }
  return sinks.filter((one) => one !== undefined);
}

/** Reads one sink. */
class SinkReader {
  private readonly input: SinksInput;
  private readonly index: number;
  private readonly given: Readonly<Record<string, unknown>> | undefined;
  private readonly before: number;

  constructor(input: SinksInput, index: number, value: unknown) {
    this.input = input;
    this.index = index;
    this.before = input.faults.list.length;
    const fine = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.given = fine ? (value as Readonly<Record<string, unknown>>) : undefined;
  }

  read(): SinkConfig | undefined {
    if (this.given === undefined) {
      this.fault('must be a sink: name, type and more');
      return undefined;
    }
    const type = this.given['type'];
    const kind = typeof type === 'string' ? sinkKind(type) : undefined;
    if (kind === undefined) {
      this.fault(`must be one of ${sinkTypes.join(', ')}`, 'type');
      return undefined;
    }
    const name = this.name(kind.type);
    this.refuseUnknown([...Object.keys(kind.settings), 'name', 'type', ...Object.keys(commonSettings)]);
    const settings = this.table(kind.settings as Readonly<Record<string, Setting<unknown>>>);
    const common = this.table(commonSettings) as Readonly<Record<keyof typeof commonSettings, number | undefined>>;
    if (this.input.faults.list.length > this.before) return undefined;
    this.attempt('', () => kind.check?.(settings));
    if (this.input.faults.list.length > this.before) return undefined;
    const batch = typeof kind.batch === 'function' ? kind.batch(settings) : kind.batch;
    return { name, type: kind.type, settings, ...withDefaults(common, batch) };
  }

  /** The type is the name when there is none. */
  private name(type: string): string {
    const name = this.given!['name'] ?? type;
    if (typeof name === 'string' && NAME.test(name)) return name;
    this.fault('must be 1 to 64 lower-case letters, digits, dashes, dots and underscores', 'name');
    return type;
  }

  private refuseUnknown(known: readonly string[]): void {
    for (const key of Object.keys(this.given!)) if (!known.includes(key)) this.fault(`is not known here${hint(key, known)}`, key);
  }

  private table(table: Readonly<Record<string, Setting<unknown>>>): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const [key, setting] of Object.entries(table)) {
      const raw = Object.hasOwn(this.given!, key) ? this.given![key] : undefined;
      if (raw !== undefined && raw !== null)
        values[key] = this.attempt(key, () => setting.kind.parse(expandVariables(raw, this.input.env), this.input.cwd));
      else if (setting.default !== undefined) values[key] = setting.default;
      else if (setting.optional !== true && table !== commonSettings) this.fault(`needs ${key}`);
    }
    return values;
  }

  private attempt<T>(key: string, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ValueFault)) throw error;
      this.fault(error.message, ...(key === '' ? [] : [key]));
      return undefined;
    }
  }

  private fault(text: string, ...path: string[]): void {
    const { faults, where } = this.input;
    faults.add(['sinks', this.index, ...path].join('.'), where(['sinks', this.index, ...path]), text);
  }
}

function withDefaults(common: Readonly<Record<keyof typeof commonSettings, number | undefined>>, batch: BatchLimits) {
  return {
    batch: {
      maxEvents: common.batch_max_events ?? batch.maxEvents,
      maxBytes: common.batch_max_bytes ?? batch.maxBytes,
      maxAgeMs: common.batch_max_age ?? batch.maxAgeMs,
    },
    timeout_ms: common.timeout!,
    retry_max_age_ms: common.retry_max_age ?? null,
    queue_max_bytes: common.queue_max_bytes ?? null,
  };
}
