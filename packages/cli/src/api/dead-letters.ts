import { itemTexts, memberTexts } from '../output/json-text.ts';
import type { Session } from '../session.ts';
import type { Parameters } from './client.ts';

export interface DeadLetter {
  readonly id: string;
  readonly time: string;
  readonly reason: string;
  readonly text: string;
  readonly source: string;
  readonly sink: string | null;
  readonly raw: string;
  readonly encoding: 'utf8' | 'base64';
}

export interface DeadLetterPage {
  /** The answer as it came, and the texts of its items. */
  readonly text: string;
  readonly items: readonly string[];
  readonly letters: readonly DeadLetter[];
  readonly next: string | null;
}

const PAGE_MAX = 1_000;

/** The tenant's dead letters, or the operator's. */
export function deadLettersPath(session: Session, operator: boolean | undefined): string {
  return operator === true ? '/v1/dead-letters' : session.tenantPath('dead-letters');
}

/** Pages until `limit` dead letters are there or nothing more; the newest first. */
export async function* deadLetterPages(
  session: Session,
  path: string,
  parameters: Parameters,
  limit: number,
): AsyncGenerator<DeadLetterPage> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const text = await session.client.text(path, { parameters: { ...parameters, limit: Math.min(left, PAGE_MAX), cursor } });
    const answer = JSON.parse(text) as { readonly dead_letters: readonly DeadLetter[]; readonly next: string | null };
    yield { text, items: itemTexts(memberTexts(text).get('dead_letters') ?? '[]'), letters: answer.dead_letters, next: answer.next };
    left -= answer.dead_letters.length;
    cursor = answer.next ?? undefined;
  } while (cursor !== undefined && left > 0);
}
