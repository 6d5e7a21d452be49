import { FIELD_NAMES, SPELLINGS } from '../../packages/server/src/pipeline/decode/json/spellings.ts';
import { code, generatedBy, page, table } from './markdown.ts';

const takes: Readonly<Record<keyof typeof SPELLINGS, string>> = {
  time: 'ISO 8601 with any offset (none is UTC), or a number, also as a string of digits: seconds, milliseconds, microseconds or nanoseconds by its magnitude',
  host: 'a string',
  pname: 'a string. Pino and bunyan: also `name`, beside their numeric `level`',
  pid: 'a string or a whole number',
  msgid: 'a string',
  severity: "0 to 7, a level's word (`error`, `warn`, `fatal`, ...), or 10 and above as pino and bunyan count",
  facility: "0 to 23, or a facility's word",
  pri: '0 to 191, or a word of a severity; gives severity and facility where they are not given',
  msg: 'a string. Of `log`, which Docker writes, a line end at the end goes',
};

/** docs/reference/json-fields.md */
export function jsonFieldsReference(): string {
  return page(
    '# Fields of JSON events',
    `${generatedBy} These members of a JSON event become the event's fields; everything else stays in \`native\` as it was. Of several spellings in one event the first of the list wins, and the others stay in \`native\`. A value that the field does not take is passed over: the next spelling counts, and the value stays in \`native\`.`,
    table(
      ['field', 'spellings, in this order', 'takes'],
      FIELD_NAMES.map((name) => [code(name), SPELLINGS[name].map(code).join(', '), takes[name]]),
    ),
    'A name with a dot is ECS: nested (`{"host": {"name": "web-01"}}`) or as one name (`"host.name"`).',
    'GELF (`version` 1.x and `short_message`): an additional field `_x` becomes `native.x`. `native` given as an object is kept as what it is, and other members join it.',
    'An event without a time has the time of its receipt, and `time_source` says so.',
    'For example',
    '```json\n{"@timestamp": "2026-11-23T10:00:00.5Z", "host": {"name": "web-01"}, "service": "checkout", "level": "error", "message": "payment timed out", "order": 4711}\n```',
    'is the event',
    '```json\n{"time": "2026-11-23T10:00:00.500000Z", "host": "web-01", "pname": "checkout", "severity": 3, "level": "error", "msg": "payment timed out", "native": {"order": 4711}}\n```',
  );
}
