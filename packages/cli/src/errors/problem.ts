import { printable } from '../output/printable.ts';
import { Failure } from './failure.ts';

/** The service's problem document (RFC 9457 with a code), as far as it came. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly errors?: readonly unknown[];
  readonly position?: number;
  /** The whole document. */
  readonly body: Readonly<Record<string, unknown>>;
}

interface CallNamed {
  readonly method: string;
  readonly url: string;
  readonly query?: string;
}

/** What failed, and on what; a query that cannot be parsed is shown below itself. */
function messageOf(problem: Problem, { method, url }: CallNamed): string {
  const title = printable(problem.title);
  return problem.code === 'query_syntax'
    ? `${title} (${problem.status})`
    : `${title} (${problem.status}, ${method} ${new URL(url).pathname})`;
}

/** An answer that says no. */
export class ApiFailure extends Failure {
  readonly problem: Problem;
  /** Seconds to wait before another try, when the service says so. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, call: CallNamed, retryAfter?: number) {
    super(messageOf(problem, call), { notes: notesOf(problem, call) });
    this.name = 'ApiFailure';
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

function memberText(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
}

/** Reads a problem of an answer's body; a body that is none (a proxy's page) is told by its status. */
export function problemOf(status: number, text: string): Problem {
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) body = parsed as Record<string, unknown>;
  } catch {
    // Not JSON: the status has to do.
  }
  const { position, errors } = body;
  const detail = memberText(body, 'detail');
  return {
    title: memberText(body, 'title') ?? `The service answered with status ${status}`,
    status,
    code: memberText(body, 'code') ?? '',
    body,
    ...(detail === undefined ? {} : { detail }),
    ...(Array.isArray(errors) ? { errors } : {}),
    ...(typeof position === 'number' && Number.isInteger(position) && position >= 0 ? { position } : {}),
  };
}

/** The query with a caret under the position: UTF-16 units of the query, columns of characters here. Long queries are cut around it. */
export function caretLines(query: string, position: number): string[] {
  const before = Array.from(printable(query.slice(0, position)));
  const after = Array.from(printable(query.slice(position)));
  const cut = Math.max(0, before.length - 60);
  const head = cut > 0 ? `…${before.slice(cut).join('')}` : before.join('');
  const tail = after.length > 60 ? `${after.slice(0, 60).join('')}…` : after.join('');
  return [`  ${head}${tail}`, `  ${' '.repeat(Array.from(head).length)}^`];
}

function errorLine(error: unknown): string {
  if (typeof error !== 'object' || error === null) return printable(String(error));
  const { line, index, field, title, detail, message, code } = error as Record<string, unknown>;
  const parts = [
    typeof line === 'number' ? `line ${line}` : undefined,
    typeof index === 'number' ? `event ${index}` : undefined,
    typeof field === 'string' ? field : undefined,
    [title, message, code].find((text): text is string => typeof text === 'string'),
    typeof detail === 'string' ? detail : undefined,
  ];
  const text = parts.filter((part) => part !== undefined).join(': ');
  return printable(text === '' ? JSON.stringify(error) : text);
}

const adviceByCode: Readonly<Record<string, string>> = {
  not_authenticated: 'Give a valid key: --api-key-file, MENISCUS_API_KEY, `meniscus login`, or --data-dir of the service on this computer.',
  message_not_authenticated: 'Look at the tenant id and at `meniscus token show`.',
  forbidden: 'This needs a key with a larger role, or of the operator.',
  tenant_not_found: '`meniscus tenant list` shows the tenants; a key of another tenant sees none but its own.',
  producer_not_found: '`meniscus producer list` shows the producers.',
  key_not_found: '`meniscus key list` shows the keys and their ids.',
  token_too_young: '--invalidate-now makes a new token at once and revokes both old ones.',
  queue_full: 'Nothing is lost: try again later. `meniscus pipeline` and `meniscus doctor` say why.',
  shutting_down: 'Try again when it has started again.',
};

function adviceOf(problem: Problem, { method, url }: CallNamed): string | undefined {
  const byCode = adviceByCode[problem.code];
  if (byCode !== undefined) return byCode;
  const noRoute = problem.code === '' || (problem.code === 'not_found' && /^(there is no such path)?$/.test(problem.detail ?? ''));
  if ((problem.status === 404 || problem.status === 405) && noRoute)
    return `There is no ${method} ${url}: the service is older than this command, or the address is another program's.`;
  return undefined;
}

function notesOf(problem: Problem, call: CallNamed): string[] {
  const notes: string[] = [];
  if (problem.detail !== undefined) notes.push(printable(problem.detail));
  if (problem.position !== undefined && call.query !== undefined) notes.push(...caretLines(call.query, problem.position));
  const errors = problem.errors ?? [];
  notes.push(...errors.slice(0, 10).map(errorLine));
  if (errors.length > 10) notes.push(`and ${errors.length - 10} more`);
  const advice = adviceOf(problem, call);
  if (advice !== undefined) notes.push(advice);
  return notes;
}
