import { Type } from 'typebox';
import { NullableString, Time } from './common.ts';

export const EventSchema = Type.Object(
  {
    id: Type.String(),
    tenant: Type.Optional(Type.String()),
    time: Time,
    time_source: Type.Optional(Type.String()),
    received: Type.Optional(Time),
    host: Type.Optional(Type.String()),
    pname: Type.Optional(Type.String()),
    pid: Type.Optional(Type.String()),
    msgid: Type.Optional(Type.String()),
    pri: Type.Optional(Type.Integer()),
    facility: Type.Optional(Type.Integer()),
    severity: Type.Optional(Type.Integer()),
    level: Type.Optional(Type.String()),
    ver: Type.Optional(Type.String()),
    msg: Type.Optional(Type.String()),
    native: Type.Optional(Type.Object({})),
    normalized: Type.Optional(Type.Object({})),
    producer: Type.Optional(Type.Object({})),
  },
  { description: 'Absent parts are omitted.' },
);

/** Of every search answer: whether it is whole, and what it cost. */
const whole = {
  partial: Type.Boolean({ description: 'True when the deadline or the memory limit cut the answer.' }),
  partial_reason: Type.Optional(Type.String()),
  stats: Type.Object({ elapsed_ms: Type.Number(), scanned_events: Type.Integer(), scanned_bytes: Type.Integer() }),
};

const value = Type.Unknown({ description: 'A string, number or boolean.' });
const ValueCounts = Type.Array(Type.Object({ value, count: Type.Integer() }));

export const EventsAnswer = Type.Object({ events: Type.Array(EventSchema), next: NullableString, ...whole });
export const EventAnswer = Type.Object({ event: EventSchema });
export const ContextAnswer = Type.Object({ before: Type.Array(EventSchema), event: EventSchema, after: Type.Array(EventSchema) });
export const CountAnswer = Type.Object({ count: Type.Integer(), ...whole });
export const HistogramAnswer = Type.Object({
  interval_ms: Type.Number(),
  buckets: Type.Array(
    Type.Object({
      time: Time,
      count: Type.Integer(),
      by: Type.Optional(
        Type.Record(Type.String(), Type.Integer(), { description: 'Events by value of the field: the 50 most frequent values.' }),
      ),
      other: Type.Optional(Type.Integer({ description: 'Events with a value that is not listed; absent when there are none.' })),
    }),
  ),
  ...whole,
});
export const FacetsAnswer = Type.Object({
  facets: Type.Record(
    Type.String(),
    Type.Object({ count: Type.Integer({ description: 'Events that have the field.' }), values: ValueCounts }),
  ),
  ...whole,
});
export const FieldsAnswer = Type.Object({
  fields: Type.Array(Type.Object({ name: Type.String(), type: Type.String(), share: Type.Number() })),
  ...whole,
});
export const ValuesAnswer = Type.Object({ values: ValueCounts, ...whole });

const Metrics = Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]), {
  description: 'By name, `count` or `sum(bytes)`; null where no event has a number.',
});
const measured = {
  metrics: Metrics,
  buckets: Type.Optional(Type.Array(Type.Object({ time: Time, metrics: Metrics }), { description: 'With `interval`: the same by time.' })),
};
export const StatsAnswer = Type.Object({
  count: Type.Integer({ description: 'Events that match.' }),
  interval_ms: Type.Optional(Type.Number()),
  groups: Type.Array(
    Type.Object({
      by: Type.Record(Type.String(), NullableString, { description: 'The value of each field of `by`, null where it is absent.' }),
      ...measured,
    }),
  ),
  other: Type.Union([Type.Object({ groups: Type.Integer({ description: 'How many groups it is.' }), ...measured }), Type.Null()], {
    description: 'All events that are in none of the groups listed; null when there are none.',
  }),
  ...whole,
});

export const SearchesAnswer = Type.Object({
  searches: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.String({ description: 'The route: events, count, stats, export, ...' }),
      query: Type.String(),
      key_id: NullableString,
      started_at: Time,
      elapsed_ms: Type.Number(),
    }),
  ),
});

const exampleStats = { partial: false, stats: { elapsed_ms: 3, scanned_events: 120_000, scanned_bytes: 2_400_000 } };

export const exampleEvent = {
  id: '019a0b5e-1f2a-7c3d-8e4f-5a6b7c8d9e0f',
  tenant: 'acme',
  time: '2026-11-23T10:00:00.123456Z',
  received: '2026-11-23T10:00:00.125000Z',
  host: 'web-01',
  pname: 'sshd',
  pid: '812',
  msgid: '-',
  severity: 6,
  level: 'info',
  msg: 'Accepted publickey for alice',
};

export const examples = {
  events: { events: [exampleEvent], next: null, ...exampleStats },
  event: { event: exampleEvent },
  context: { before: [], event: exampleEvent, after: [] },
  count: { count: 42, ...exampleStats },
  histogram: { interval_ms: 60_000, buckets: [{ time: '2026-11-23T10:00:00.000000Z', count: 42, by: { '6': 42 } }], ...exampleStats },
  facets: { facets: { host: { count: 42, values: [{ value: 'web-01', count: 40 }] } }, ...exampleStats },
  fields: { fields: [{ name: 'host', type: 'string', share: 1 }], ...exampleStats },
  values: { values: [{ value: 'web-01', count: 40 }], ...exampleStats },
  stats: {
    count: 42,
    groups: [
      { by: { host: 'web-01', status: '200' }, metrics: { count: 30, 'avg(bytes)': 512.5, 'p95(took)': 1.25 } },
      { by: { host: 'web-01', status: null }, metrics: { count: 10, 'avg(bytes)': null, 'p95(took)': null } },
    ],
    other: { groups: 2, metrics: { count: 2, 'avg(bytes)': 80, 'p95(took)': 0.5 } },
    ...exampleStats,
  },
  searches: {
    searches: [
      {
        id: '2b1f4c1e-9a53-4c7e-8f0e-6d1c9f1f7a11',
        kind: 'export',
        query: 'sshd severity<=4',
        key_id: 'k1',
        started_at: '2026-11-23T10:00:00.000Z',
        elapsed_ms: 1250,
      },
    ],
  },
};
