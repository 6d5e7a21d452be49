/** One word for a POSIX shell. Control characters need bash's and ksh's `$'...'`. */
export function shellWord(text: string): string {
  if (/^[\w./:@%+,=-]+$/.test(text)) return text;
  // oxlint-disable-next-line no-control-regex
  if (!/[\u0000-\u001F\u007F]/.test(text)) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = text.replace(/[\\']/g, String.raw`\$&`);
  // oxlint-disable-next-line no-control-regex
  return `$'${escaped.replace(/[\u0000-\u001F\u007F]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`;
}

/** A PARAM-VALUE of structured data: RFC 5424, 6.3.3 escapes `"`, `\` and `]`. */
export function parameterValue(text: string): string {
  return text.replace(/["\\\]]/g, String.raw`\$&`);
}

/** Text of a constant in an rsyslog list template: backslashes are taken off twice, by the string in double quotes and by the template. */
export function rsyslogConstant(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replace(/[\\"]/g, String.raw`\$&`);
}

/** Text in the double quotes of a syslog-ng configuration, where `$` begins a macro and `$$` is itself. */
export function syslogNgText(text: string): string {
  return text.replaceAll('$', '$$$$').replace(/[\\"]/g, String.raw`\$&`);
}
