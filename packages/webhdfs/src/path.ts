/** HDFS paths in URLs. */

/**
 * The path with one leading slash, as HDFS has it. A missing leading slash is added and repeated or trailing slashes are dropped.
 * Throws TypeError on `.` and `..` (HDFS has neither, and every URL parser would resolve them to another path) and on text that is not valid Unicode.
 */
export function absolute(path: string): string {
  if (typeof path !== 'string') throw new TypeError('a path must be a string');
  if (!path.isWellFormed()) throw new TypeError('a path must be valid Unicode: it has a lone surrogate');
  const names = path.split('/').filter((name) => name !== '');
  if (names.some((name) => name === '.' || name === '..')) throw new TypeError(`a path must not have '.' or '..': ${JSON.stringify(path)}`);
  return `/${names.join('/')}`;
}

/** The absolute path as part of a URL: UTF-8, percent-encoded, so that `?`, `#`, `%`, `+` and `;` are parts of names. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
