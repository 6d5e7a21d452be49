/** GELF 1.x (Graylog Extended Log Format, payload specification): `version` and `short_message`; additional fields begin with `_`. */
export function isGelf(event: Record<string, unknown>): boolean {
  const version = event['version'];
  return (
    typeof version === 'string' && version.startsWith('1.') && Object.hasOwn(event, 'short_message') && Object.hasOwn(event, 'version')
  );
}

/** `_x` is the additional field `x`. */
export function gelfName(key: string): string {
  return key.length > 1 && key.startsWith('_') ? key.slice(1) : key;
}
