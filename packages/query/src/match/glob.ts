import type { Pattern } from '../ast/query.ts';

/**
 * True if the whole folded text has the form. It goes back to the last `*` only, which is enough (what follows a `*` may as well be found at
 * its first place) and keeps the work to the product of the two lengths.
 */
export function hasForm(text: string, pattern: Pattern): boolean {
  let position = 0;
  let part = 0;
  let resumePart = -1;
  let resumePosition = 0;
  for (;;) {
    const current = pattern[part];
    if (current?.kind === 'run') {
      resumePart = ++part;
      resumePosition = position;
      if (part === pattern.length) return true;
      continue;
    }
    const end = current === undefined ? -1 : matchPart(text, position, current);
    if (end !== -1) {
      position = end;
      part++;
      continue;
    }
    if (current === undefined && position === text.length) return true;
    if (resumePart === -1 || resumePosition >= text.length) return false;
    resumePosition = nextTry(text, resumePosition, pattern[resumePart]);
    if (resumePosition === -1) return false;
    position = resumePosition;
    part = resumePart;
  }
}

/** Where the part, text or `?`, ends if it stands at `position`; -1 if it does not. */
function matchPart(text: string, position: number, part: Pattern[number]): number {
  if (part.kind === 'text') return text.startsWith(part.text, position) ? position + part.text.length : -1;
  if (position >= text.length) return -1;
  return position + (text.codePointAt(position)! > 0xffff ? 2 : 1);
}

/** The next place where what follows a `*` may begin. */
function nextTry(text: string, position: number, part: Pattern[number] | undefined): number {
  const next = position + (text.codePointAt(position)! > 0xffff ? 2 : 1);
  return part?.kind === 'text' ? text.indexOf(part.text, next) : next;
}
