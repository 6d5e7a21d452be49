import { MeniscusError } from '../../errors.ts';

type JsonObject = Record<string, unknown>;

const REQUIRED = ['host', 'pname', 'time'] as const;
const OPTIONAL = ['msg', 'profile', 'ver', 'msgid', 'pri', 'pid'] as const;
const VERSION = /^[1-9]\d{0,2}$/;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether `value` is an object whose only key is `log_message`. */
export function isEnvelope(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, 'log_message') && Object.keys(value).length === 1;
}

/** The inner object when `value` is 2013's envelope `{"log_message": {...}}` and nothing else, else undefined. */
export function unwrap(value: unknown): JsonObject | undefined {
  const inner = isEnvelope(value) ? (value as JsonObject)['log_message'] : undefined;
  return isObject(inner) ? inner : undefined;
}

/** 2013's schema of a lone `log_message`, unknown keys allowed. Throws `event_field_type` naming the first thing wrong. */
export function checkLogMessage(message: JsonObject | undefined): void {
  if (message === undefined) throw new MeniscusError('event_field_type', 'log_message must be an object');
  for (const key of REQUIRED) {
    if (!Object.hasOwn(message, key)) throw new MeniscusError('event_field_type', `log_message needs '${key}'`);
  }
  for (const key of [...REQUIRED, ...OPTIONAL]) {
    if (Object.hasOwn(message, key) && typeof message[key] !== 'string')
      throw new MeniscusError('event_field_type', `log_message.${key} must be a string`);
  }
  if (Object.hasOwn(message, 'native') && !isObject(message['native']))
    throw new MeniscusError('event_field_type', 'log_message.native must be an object');
}

/** The protocol version that a log_message names, 0 when it names none that fits a byte. */
export function versionOf(message: JsonObject): number {
  const ver = Object.hasOwn(message, 'ver') ? message['ver'] : undefined;
  const number = typeof ver === 'string' && VERSION.test(ver) ? Number(ver) : 0;
  return number <= 255 ? number : 0;
}
