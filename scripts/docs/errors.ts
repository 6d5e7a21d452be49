import { errorCodes, statusOf, titleOf, type ErrorCode } from '../../packages/server/src/errors.ts';
import type { OpenApi } from './application.ts';
import { cell, code, generatedBy, page, table } from './markdown.ts';

/** What to do, where the title and the detail of an answer do not say it already. */
const advice: Partial<Record<ErrorCode, string>> = {
  bad_request: 'The detail names the parameter or member and what it must be.',
  malformed_json: 'The body must be JSON, or have the right Content-Type. With a good token the body is kept as a dead letter.',
  missing_header: 'Send the header that the detail names.',
  no_event_accepted: '`errors` says why, by the number of each event; they are dead letters of the tenant.',
  query_syntax: '`position` is where: 0-based, in UTF-16 units.',
  bad_rulebase: '`errors` has line, code and title of each error; line 0 is the rulebase as a whole.',
  limit_exceeded: 'The detail names the limit; [limits.md](limits.md) has them all.',
  bad_cursor: 'Begin again without a cursor: one belongs to the query that it came from.',
  not_authenticated: 'Send `Authorization: Bearer` and an API key that is not expired or revoked.',
  message_not_authenticated: 'The tenant or the token is wrong; the answer does not tell which. `meniscus token show`.',
  forbidden: 'Use a key with a larger role.',
  tenant_not_found: 'It does not exist, or the key is not of this tenant.',
  token_too_young: 'Wait, or send `invalidate_now`: the old token then ends at once.',
  backup_running: 'One at a time: wait for it.',
  backup_refused: 'Name a directory that does not exist or is empty, and that is not inside of another backup.',
  conflict: 'Read it again, then change it.',
  body_too_large: 'Send smaller bodies; nothing of this one is kept.',
  unsupported_media_type: 'Use a Content-Type and Content-Encoding that the detail names.',
  too_many_requests: 'Wait for `Retry-After` seconds.',
  internal: "A defect or a broken disk: the service's log has more under the id in the detail.",
  queue_full: 'Send again after `Retry-After` seconds; if it stays so, see disk space and `meniscus pipeline`.',
  shutting_down: 'Send again after the restart.',
  unavailable: 'Try again after `Retry-After` seconds; `GET /readyz` has the reasons.',
  event_too_large: 'Of one event. Make it smaller: it is a dead letter, cut.',
  event_not_object: 'Of one event. Numbers, booleans, null and arrays are no events.',
  event_malformed: 'Of one event, a line of NDJSON or an element of an array.',
  event_too_deep: 'Of one event. Nest less deeply.',
  event_field_type: "Of one `log_message`: 2013's required fields are strings.",
  bad_backup: 'Of `meniscus restore`. The directory is no whole backup, or is damaged.',
  restore_refused: 'Of `meniscus restore`. The data directory must be empty.',
  bad_configuration: 'At the start. The text names key, place and what is allowed; `meniscus config check`.',
  disk_full: 'At the start. Free some of the disk of the data directory. A running service answers `queue_full` instead.',
  data_dir_in_use: 'At the start. Stop the other process, or choose another `--data-dir`.',
  listen_failed: 'At the start. The port is in use or not allowed; choose another.',
};

/** Codes by the routes that name them in the document. */
function usesOf({ paths }: OpenApi): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(paths))
    for (const [method, { responses }] of Object.entries(operations))
      for (const { content } of Object.values(responses))
        for (const name of Object.keys(content?.['application/problem+json']?.examples ?? {}))
          uses.set(name, [...(uses.get(name) ?? []), `${method.toUpperCase()} ${path}`]);
  return uses;
}

const FEW = 6;

function answeredBy(routes: readonly string[] = []): string {
  if (routes.length > FEW) return `${routes.length} routes`;
  return routes.map(code).join(', ');
}

/** docs/reference/errors.md */
export function errorsReference(openapi: OpenApi): string {
  const uses = usesOf(openapi);
  const rows = errorCodes.map((name) => [
    code(name),
    String(statusOf(name)),
    cell(titleOf(name, '...', '...')),
    advice[name] ?? '',
    answeredBy(uses.get(name)),
  ]);
  return page(
    '# Errors',
    `${generatedBy} An error of the API is \`application/problem+json\` (RFC 9457) with one of these codes. The titles are those of the 2013 API where it had one; the detail says on what and what to do.`,
    '```json\n{"title": "Cannot parse the query", "status": 400, "code": "query_syntax", "detail": "...", "position": 12}\n```',
    table(['code', 'status', 'title', 'what to do', 'answered by'], rows),
    '429 and 503 have `Retry-After` in seconds where waiting helps. `HEAD` has the status alone.',
  );
}
