import { createHash } from 'node:crypto';
import { fold } from '@meniscus/query';

/** A longer key is cut and told apart by its hash. */
const KEY_MAX = 512;
const KEY_KEPT = 256;
const PREFIX_DIGITS = 12;

/** `=` ends a key, `^` and `~` begin escapes, the rest would need escapes in JSON. */
const PLAIN = /^[!#-<>-@[\]_-}]*$/;

/**
 * A field's name as it stands in terms before `=`. No two names have the same key; a key has no `=`, needs no escape in JSON, and folding leaves it as it is (so that
 * terms can be folded as a whole although names are case-sensitive): capitals A-Z become `^a`, any other character that cannot stand there `~` and its code in hex and `;`.
 */
export function nameKey(name: string): string {
  const key = PLAIN.test(name) ? name : Array.from(name, escapeCharacter).join('');
  if (key.length <= KEY_MAX) return key;
  return `${key.slice(0, KEY_KEPT).toWellFormed().replaceAll('\uFFFD', '')}~~${sha256(name).slice(0, 40)}`;
}

/** The name that a key stands for; undefined for one that is cut. */
export function nameOfKey(key: string): string | undefined {
  if (key.includes('~~')) return undefined;
  return key.replace(/\^([a-z])|~([0-9a-f]+);/g, (_, capital: string | undefined, code: string | undefined) =>
    capital === undefined ? String.fromCodePoint(Number.parseInt(code!, 16)) : capital.toUpperCase(),
  );
}

function escapeCharacter(char: string): string {
  const code = char.codePointAt(0)!;
  if (code >= 65 && code <= 90) return `^${char.toLowerCase()}`;
  const plain = code < 128 ? PLAIN.test(char) : char.isWellFormed() && fold(char) === char;
  return plain ? char : `~${code.toString(16)};`;
}

/** Twelve word characters that stand for a name before each word of its values: fixed in length, so that no name and word can be taken for another. */
export function wordPrefix(name: string): string {
  return BigInt(`0x${sha256(name).slice(0, 15)}`)
    .toString(36)
    .padStart(PREFIX_DIGITS, '0');
}

/** The second name of a leaf of normalized, without its pattern: `*.user` for `normalized.sshd.user`; undefined for native, and for a leaf right below normalized. */
export function shortName(name: string): string | undefined {
  if (!name.startsWith('normalized.')) return undefined;
  const dot = name.indexOf('.', 11);
  return dot === -1 ? undefined : `*${name.slice(dot)}`;
}

/** Names of the objects that a leaf lies in: `native.http` and `native` for `native.http.status`; `*.a` for `*.a.b`. */
export function objectNames(name: string): string[] {
  const names: string[] = [];
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const object = name.slice(0, dot);
    if (object !== '*') names.push(object);
  }
  return names;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
