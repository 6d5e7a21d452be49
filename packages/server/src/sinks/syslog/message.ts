import { structuredData } from './structured-data.ts';

/** user.notice: what RFC 3164 section 4.3.3 gives to a message without a priority. */
const DEFAULT_PRI = 13;
const USER = 1;

/** RFC 5424 section 6: printable ASCII, of at most so many characters; `-` for nothing. */
function word(value: unknown, max: number): string {
  const text = typeof value === 'string' ? value.slice(0, max).replace(/[^\x21-\x7e]/g, '?') : '';
  return text === '' ? '-' : text;
}

function priority({ severity, facility }: Readonly<Record<string, unknown>>): number {
  if (typeof severity !== 'number') return DEFAULT_PRI;
  return (typeof facility === 'number' ? facility : USER) * 8 + severity;
}

/** A document (interface.md section 7) as a message of RFC 5424, without a byte order mark, which receivers keep as a part of the text. */
export function syslogMessage(document: Readonly<Record<string, unknown>>, tenant: string, id: string): string {
  const { time, host, pname, pid, msgid, msg, native, ver } = document;
  const header = `<${priority(document)}>1 ${String(time)} ${word(host, 255)} ${word(pname, 48)} ${word(pid, 128)} ${word(msgid, 32)}`;
  const data = structuredData(tenant, id, native, ver !== undefined);
  return typeof msg === 'string' && msg !== '' ? `${header} ${data} ${msg}` : `${header} ${data}`;
}

/** With its length in bytes in front: RFC 6587 section 3.4.1 and RFC 5425 section 4.3. */
export function counted(message: string): string {
  return `${Buffer.byteLength(message)} ${message}`;
}
