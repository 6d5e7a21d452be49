/**
 * The well-known spellings of an event's fields in JSON. Of two spellings in one event the earlier in its list wins and the other stays in native.
 * Names with a dot are ECS: nested (`{"host": {"name": ..}}`) or dotted (`"host.name"`). The table is documented in docs/reference/json-fields.md.
 */
export const SPELLINGS = {
  time: ['time', '@timestamp', 'timestamp', 'ts', 'datetime'],
  host: ['host', 'hostname', 'host.name', 'host.hostname'],
  pname: [
    'pname',
    'app',
    'appname',
    'app_name',
    'application',
    'program',
    'service',
    'service.name',
    'process.name',
    'logger',
    'log.logger',
  ],
  pid: ['pid', 'procid', 'process.pid'],
  msgid: ['msgid'],
  severity: ['severity', 'level', 'log.level', 'lvl', 'loglevel', 'log_level', 'severity_text'],
  facility: ['facility', 'log.syslog.facility.code'],
  pri: ['pri'],
  msg: ['msg', 'message', 'short_message', 'full_message', 'log'],
} as const satisfies Record<string, readonly string[]>;

export type FieldName = keyof typeof SPELLINGS;

export const FIELD_NAMES = Object.keys(SPELLINGS) as FieldName[];

/** What a key of a JSON event may be: a field (by index in FIELD_NAMES) with its rank among the spellings. */
export interface Role {
  readonly field: number;
  readonly rank: number;
}

/** Roles of plain and dotted keys. */
export const ROLES: ReadonlyMap<string, Role> = new Map(
  FIELD_NAMES.flatMap((name, field) => SPELLINGS[name].map((key, rank) => [key, { field, rank }] as const)),
);

/** First parts of dotted spellings: an object under such a key may hold a field. */
export const CONTAINERS: ReadonlySet<string> = new Set(
  FIELD_NAMES.flatMap((name) => SPELLINGS[name].filter((key) => key.includes('.')).map((key) => key.slice(0, key.indexOf('.')))),
);
