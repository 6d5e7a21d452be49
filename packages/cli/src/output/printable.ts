/**
 * Characters that would command the terminal, hide or reorder text: C0 and C1 controls, line separators, and the bidirectional controls of
 * Unicode (UAX #9). Logs hold what attackers send; on a screen it must stay text.
 */
const unsafe = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

const shortForms: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return shortForms[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`);
}

/** A text for one line of a screen: what is not printable is written out as an escape. */
export function printable(text: string): string {
  return text.replace(unsafe, escaped);
}
