import { deadLetterReasons, refusedOnlyCounted } from '../../packages/server/src/dead-letters/reasons.ts';
import { cell, code, generatedBy, page, table } from './markdown.ts';

/** docs/reference/dead-letters.md */
export function deadLettersReference(): string {
  return page(
    '# Reasons of dead letters',
    `${generatedBy} What is refused is kept with its reason and raw bytes, without credentials, up to the [limits](limits.md). A tenant's are at \`GET /v1/tenant/{id}/dead-letters\` and \`meniscus dead-letters list\`; the operator's, of messages that belong to no tenant, at \`GET /v1/dead-letters\` and \`meniscus dead-letters list --operator\`.`,
    table(
      ['reason', 'whose', 'what happened', 'redrive'],
      deadLetterReasons.map(({ reason, whose, text, redrive }) => [code(reason), whose, cell(text), cell(redrive)]),
    ),
    'Redriving runs everything after authentication again. A letter that is taken is removed; one that is refused again comes back as a new letter.',
    '## Counted, not kept',
    'These are counted by reason in `meniscus_source_refused_total` and `meniscus_http_publish_refused_total`, and shown by `meniscus pipeline`.',
    table(
      ['reason', 'where', 'what happened'],
      refusedOnlyCounted.map(({ reason, where, text }) => [code(reason), where, cell(text)]),
    ),
  );
}
