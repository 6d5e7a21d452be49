/** The private enterprise number of RFC 5424's examples, which the credentials of senders are written with too. */
const OWN = '@32473';
/** RFC 5424 section 6.3.2: an id or a name of a parameter. */
const SD_NAME = /^[\x21\x23-\x3c\x3e-\x5c\x5e-\x7e]{1,32}$/;
/** RFC 5424 section 7 registers these ids; any other needs an `@` and a number behind it. */
const REGISTERED = new Set(['timeQuality', 'origin', 'meta']);
const CREDENTIALS = /^meniscus(@[\d.]*)?$/;

/** Escapes a value as RFC 5424 section 6.3.3 asks. */
function escaped(value: string): string {
  return /["\\\]]/.test(value) ? value.replace(/["\\\]]/g, '\\$&') : value;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : undefined;
}

/** ` name="value"`, once for each of several values, nothing when the name or a value does not fit. */
function parameter(name: string, value: unknown): string {
  if (!SD_NAME.test(name)) return '';
  const texts = (Array.isArray(value) ? value : [value]).map(textOf);
  return texts.includes(undefined) ? '' : texts.map((text) => ` ${name}="${escaped(text!)}"`).join('');
}

/** The id of an element that was an object: of a syslog message as it was, else made one of ours. */
function elementId(name: string, fromSyslog: boolean): string {
  if (fromSyslog || name.includes('@') || REGISTERED.has(name)) return name;
  return name + OWN;
}

/**
 * The structured data of an event: `[meniscus@32473 tenant id]`, then what of `native` fits: an object's texts, numbers and booleans as an element of its name, as our own source takes them in, those beside objects in
 * `[native@32473]`.
 */
export function structuredData(tenant: string, id: string, native: unknown, fromSyslog: boolean): string {
  const elements = new Map<string, string>();
  const add = (name: string, parameters: string): void => {
    if (parameters !== '' && SD_NAME.test(name) && !CREDENTIALS.test(name)) elements.set(name, (elements.get(name) ?? '') + parameters);
  };
  for (const [name, value] of Object.entries((native ?? {}) as Record<string, unknown>)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) add(`native${OWN}`, parameter(name, value));
    else add(elementId(name, fromSyslog), parameters(value as Record<string, unknown>));
  }
  let text = `[meniscus${OWN} tenant="${escaped(tenant)}" id="${id}"]`;
  for (const [name, of] of elements) text += `[${name}${of}]`;
  return text;
}

function parameters(element: Record<string, unknown>): string {
  let text = '';
  for (const [name, value] of Object.entries(element)) text += parameter(name, value);
  return text;
}
