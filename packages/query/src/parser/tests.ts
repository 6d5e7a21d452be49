import { pattern, range, timeSpan } from '../ast/build.ts';
import type { FormsTest, PatternPart, PhraseTest, Test } from '../ast/query.ts';
import { QueryError } from '../error.ts';
import type { Text } from '../lexer/text.ts';
import { parseNetwork } from '../text/address.ts';
import { readNumber } from '../text/number.ts';
import { fold, isWordCode, wordsOf } from '../text/words.ts';
import { severityNumber, timeOf } from './bounds.ts';
import type { Field } from './field.ts';

/** What text or a quoted phrase means as the value of a field. */
export function valueTest(field: Field, text: Text, now: number): Test {
  if (isRun(text)) return { kind: 'exists' };
  if (field.values === 'time') return spanTest(text, now);
  if (field.values === 'severity' || field.values === 'level') return severityTest(text);
  if (text.wild) return field.values === 'words' ? formsTest(text) : { kind: 'wildcard', pattern: folded(text.parts) };
  return (text.quoted ? undefined : specialTest(text)) ?? phraseTest(text);
}

/** What `:=` means: the whole text, but for severities and times, which have no text. */
export function exactTest(field: Field, text: Text, now: number): Test {
  if (field.values === 'time') return spanTest({ ...text, wild: false }, now);
  if (field.values === 'severity' || field.values === 'level') return severityTest({ ...text, wild: false });
  return { kind: 'exact', text: text.text };
}

/** The words of the text in a row. Text without any is refused: finding nothing or everything would both be wrong. */
export function phraseTest(text: Text): PhraseTest {
  const words = wordsOf(text.text);
  if (words.length > 0) return { kind: 'phrase', words };
  throw new QueryError('value', text.position, 'there is no word in this text', 'write field:="..." or field:/.../ to search for marks');
}

/** The text cut into words, wildcards counting as word characters. */
export function formsTest(text: Text): FormsTest {
  const forms: PatternPart[][] = [];
  let form: PatternPart[] | undefined;
  for (const part of text.parts) {
    const pieces: (PatternPart | null)[] = part.kind === 'text' ? Array.from(fold(part.text), wordPiece) : [part];
    for (const piece of pieces) {
      if (piece === null) form = undefined;
      else if (form === undefined) forms.push((form = [piece]));
      else form.push(piece);
    }
  }
  return { kind: 'forms', forms: forms.map(pattern) };
}

function wordPiece(char: string): PatternPart | null {
  return isWordCode(char.codePointAt(0)!) ? { kind: 'text', text: char } : null;
}

function folded(parts: readonly PatternPart[]): PatternPart[] {
  return parts.map((part) => (part.kind === 'text' ? { kind: 'text', text: fold(part.text) } : part));
}

/** Unquoted text that is more than its words: a number or a network. */
function specialTest(text: Text): Test | undefined {
  const value = readNumber(text.text);
  if (!Number.isNaN(value)) return { kind: 'number', text: text.text, value: value + 0 };
  const network = parseNetwork(text.text);
  return network && { kind: 'network', text: text.text, network };
}

function severityTest(text: Text): Test {
  const severity = severityNumber(text);
  return range(severity, true, severity, true);
}

function spanTest(text: Text, now: number): Test {
  const { from, to } = timeOf(text, now);
  return timeSpan(from, to);
}

function isRun(text: Text): boolean {
  return text.parts.length === 1 && text.parts[0]?.kind === 'run';
}
