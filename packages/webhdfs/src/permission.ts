/** Permissions: `0o644` or `'644'`, up to `0o1777`. */
export type Permission = number | string;

/** Octal text, as the server wants it. TypeError when it is no permission. */
export function permissionText(permission: Permission | undefined): string | undefined {
  if (permission === undefined) return undefined;
  const text = typeof permission === 'number' ? permission.toString(8) : permission;
  if (!/^0?[01]?[0-7]{1,3}$/.test(text)) throw new TypeError(`a permission is octal, from 0 to 1777, not ${JSON.stringify(permission)}`);
  return text;
}
