import { MeniscusError } from '../errors.ts';
import type { NewProducer } from './control.ts';
import type { TenantSettings } from './tenant.ts';

const NAME_CODE_POINTS = 256;
const RETENTION_DAYS_MAX = 36_500;

/** Why a value is not a text of 1 to 256 code points without lone surrogates, or undefined. */
export function nameFault(text: unknown): string | undefined {
  if (typeof text !== 'string') return 'must be a string';
  if (text === '') return 'must not be empty';
  // A code point takes at most two units: the cheap test first, so that a huge text is never taken apart.
  if (text.length > 2 * NAME_CODE_POINTS || Array.from(text).length > NAME_CODE_POINTS)
    return `must have at most ${NAME_CODE_POINTS} characters`;
  return text.isWellFormed() ? undefined : 'must not have lone surrogates';
}

/** bad_request naming `what` unless the value is a name. */
export function checkName(what: string, text: unknown): asserts text is string {
  const fault = nameFault(text);
  if (fault !== undefined) throw new MeniscusError('bad_request', `${what} ${fault}`);
}

/** No HTTP client can address `.` and `..`: it resolves them before it sends the path. */
export function checkTenantId(id: unknown): asserts id is string {
  checkName('tenant_id', id);
  if (id === '.' || id === '..') throw new MeniscusError('bad_request', 'tenant_id must not be . or ..: no URL can name it');
}

/** Unknown and wrong settings are bad_request. */
export function checkSettings(settings: unknown): asserts settings is Partial<TenantSettings> {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new MeniscusError('bad_request', 'settings must be an object');
  }
  for (const [name, value] of Object.entries(settings)) {
    if (name !== 'retention_days') throw new MeniscusError('bad_request', `there is no setting ${JSON.stringify(name.slice(0, 100))}`);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > RETENTION_DAYS_MAX) {
      throw new MeniscusError('bad_request', `retention_days must be a whole number from 1 to ${RETENTION_DAYS_MAX}`);
    }
  }
}

/** unknown_sink for a sink that is not configured, bad_request for anything else. */
export function checkProducer(producer: NewProducer, sinks: ReadonlySet<string>): void {
  checkName('name', producer.name);
  checkName('pattern', producer.pattern);
  checkFlag('durable', producer.durable);
  checkFlag('encrypted', producer.encrypted);
  if (producer.sinks !== undefined) checkSinks(producer.sinks, sinks);
}

function checkFlag(what: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw new MeniscusError('bad_request', `${what} must be true or false`);
}

function checkSinks(names: unknown, sinks: ReadonlySet<string>): void {
  if (!Array.isArray(names)) throw new MeniscusError('bad_request', 'sinks must be a list');
  const seen = new Set<string>();
  for (const name of names as unknown[]) {
    checkName('a name in sinks', name);
    if (!sinks.has(name)) throw new MeniscusError('unknown_sink', `configured are ${[...sinks].join(', ')}`, { slots: [name] });
    if (seen.has(name)) throw new MeniscusError('bad_request', `sinks names ${name} twice`);
    seen.add(name);
  }
}
