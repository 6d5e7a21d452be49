import { MeniscusError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Metric } from '../../search/search.ts';
import { choice, duration, integer, list, optionalTime, required, requiredText, text, time, type Parameter } from './parameter.ts';

const HOUR_MICROS = 3_600e6;
const FIELDS_MAX = 100;
const METRICS_MAX = 50;

const q = text('', 'The query; empty selects everything.', 'sshd severity<=4');
const to = time(() => Number.POSITIVE_INFINITY, 'The end of the range, exclusive; open when not given.', 'now');

/** What every search takes. */
const range = {
  q,
  from: time((now) => now - HOUR_MICROS, 'The begin of the range, inclusive; one hour ago when not given.', 'now-2h'),
  to,
};

/** Of routes that name an event: the whole of time unless a range is given. */
const anyTime = {
  q,
  from: time(() => 0, 'The begin of the range, inclusive.', '-7d'),
  to,
};

const optionalFields = list(() => undefined, {
  max: FIELDS_MAX,
  description: 'The fields to answer; all when not given.',
  example: 'host,msg',
});

export const eventsParameters = {
  ...range,
  limit: integer({ min: 1, max: limits.eventsPerPage, absent: 100, description: 'Events on a page.' }),
  order: choice(['desc', 'asc'], 'desc', 'Newest or oldest first.'),
  cursor: text(undefined, '`next` of the page before.'),
  fields: optionalFields,
};

export const contextParameters = {
  ...anyTime,
  before: integer({ min: 0, max: limits.facetValues, absent: 20, description: 'Neighbours before the event.' }),
  after: integer({ min: 0, max: limits.facetValues, absent: 20, description: 'Neighbours after the event.' }),
  by: list<readonly string[]>(() => ['host', 'pname'], {
    max: 10,
    description: 'Fields that a neighbour shares with the event.',
    example: 'host,pname',
  }),
};

export const countParameters = range;

export const histogramParameters = {
  ...range,
  buckets: integer({
    min: 1,
    max: limits.histogramBuckets,
    description: 'About how many buckets; 60 when neither this nor interval is given.',
  }),
  interval: duration('The length of a bucket.', '1m'),
  by: text(undefined, 'A field whose values are counted in each bucket.', 'severity'),
};

export const facetsParameters = {
  ...range,
  fields: list<readonly string[]>(required, { max: FIELDS_MAX, description: 'The fields to count values of.', example: 'host,pname' }),
  limit: integer({ min: 1, max: limits.facetValues, absent: 10, description: 'Values of each field.' }),
};

export const fieldsParameters = range;

export const valuesParameters = {
  ...range,
  field: requiredText('The field.', 'host'),
  prefix: text('', 'What the values begin with.', 'we'),
  limit: integer({ min: 1, max: limits.facetValues, absent: 10, description: 'Values.' }),
};

const METRIC = /^(count|unique|sum|avg|min|max|p50|p95|p99)(?:\((.+)\))?$/;

/** A metric without a field takes that of the one before it, so that `p50(took),p95,p99` need not repeat it. */
function metricOf(item: string, before: string | undefined): Metric {
  const [, name, own] = METRIC.exec(item) ?? [];
  const field = name === 'count' ? own : (own ?? before);
  if (name === undefined || (field === undefined) !== (name === 'count')) {
    throw new MeniscusError(
      'bad_request',
      `metrics: ${JSON.stringify(item.slice(0, 100))} must be count, or unique, sum, avg, min, max, p50, p95 or p99 of a field, like sum(bytes)`,
    );
  }
  return { name: name as Metric['name'], ...(field === undefined ? {} : { field }) };
}

/** Each metric once: an answer names them. */
function metricsOf(items: readonly string[]): readonly Metric[] {
  const found = new Map<string, Metric>();
  let field: string | undefined;
  for (const item of items) {
    const metric = metricOf(item, field);
    field = metric.field ?? field;
    found.set(`${metric.name} ${metric.field ?? ''}`, metric);
  }
  return [...found.values()];
}

const metricNames = list<readonly string[]>(() => ['count'], {
  max: METRICS_MAX,
  description:
    'What to compute: count, or unique, sum, avg, min, max, p50, p95, p99 of a field; one without a field takes that of the metric before it. ' +
    'All are exact but these: p50, p95 and p99 are within 1 % of the value at that rank; unique is exact up to 4,096 values, beyond it an ' +
    'estimate with a standard error of 0.81 %.',
  example: 'count,avg(bytes),p50(took),p95,p99',
});

const metrics: Parameter<readonly Metric[]> = {
  ...metricNames,
  read: (raw, name, now) => metricsOf(metricNames.read(raw, name, now)),
  absent: () => [{ name: 'count' }],
};

const groupFields = list<readonly string[]>(() => [], { max: 10, description: 'Fields to group by.', example: 'host,status' });

/** Each field once: an answer names them. */
const by: Parameter<readonly string[]> = {
  ...groupFields,
  read: (raw, name, now) => [...new Set(groupFields.read(raw, name, now))],
};

export const statsParameters = {
  ...range,
  by,
  metrics,
  interval: duration('Also groups by time, in steps of this length.', '5m'),
  limit: integer({ min: 1, max: limits.facetValues, absent: 100, description: 'Groups; the rest is one more, marked other.' }),
};

export const tailParameters = {
  q,
  from: optionalTime('Begins with what was received then, before what comes from now on.', '-10m'),
  fields: optionalFields,
  last_event_id: text(undefined, 'The same as the header Last-Event-ID, for clients that cannot set it.'),
};

export const exportParameters = {
  ...range,
  format: choice(
    ['ndjson', 'csv', 'raw', 'parquet'],
    'ndjson',
    'raw is msg, one a line; csv has a header row; parquet has a column for each field of native and normalized.',
  ),
  fields: optionalFields,
};
