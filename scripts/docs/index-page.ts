import { generatedBy, page, table } from './markdown.ts';

/** docs/reference/README.md */
export function indexPage(): string {
  return page(
    '# Reference',
    generatedBy,
    table(
      ['page', ''],
      [
        ['[http.md](http.md)', 'every route, with examples; [openapi.json](openapi.json) is the same for programs'],
        ['[cli.md](cli.md)', 'every command'],
        ['[config.md](config.md)', 'every key of the configuration'],
        ['[errors.md](errors.md)', 'every error and what to do'],
        ['[limits.md](limits.md)', 'every limit and what happens at it'],
        ['[metrics.md](metrics.md)', 'every metric'],
        ['[json-fields.md](json-fields.md)', 'which members of a JSON event become fields'],
        ['[dead-letters.md](dead-letters.md)', 'why something was refused'],
        ['[sinks.md](sinks.md)', 'where events go: every kind of sink and its settings'],
        ['[rulebases.md](rulebases.md)', 'every shipped rulebase, and its fields'],
      ],
    ),
    'The guides are in [docs/guides](../guides/README.md), formats and threads in [docs/internals](../internals/README.md).',
  );
}
