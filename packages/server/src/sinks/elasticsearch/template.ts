import { TERM_MAX, VALUE_MAX, WORD_MAX } from './fields/terms.ts';

/** What the operator decides about indexes. */
export interface IndexSettings {
  readonly prefix: string;
  readonly shards: number;
  readonly replicas: number;
  readonly refreshInterval: string;
  /** Names of native and normalized that are mapped in one index. */
  readonly mappedFieldsMax: number;
}

/** Raised when the mapping changes, for who looks at the template of a cluster. */
export const TEMPLATE_VERSION = 1;

/** Fields of the mapping that are not names of native and normalized, generously. */
const OWN_FIELDS = 200;
/** A mapped name costs its alias, its values' field and the objects that it lies in. */
const FIELDS_PER_NAME = 6;

const keyword = (extra: object = {}): object => ({ type: 'keyword', ignore_above: VALUE_MAX, ...extra });
const terms = { type: 'keyword', ignore_above: TERM_MAX };
const text = (analyzer: string): object => ({ type: 'text', analyzer, norms: false, position_increment_gap: 100 });
const folded = keyword({ normalizer: 'meniscus_fold', doc_values: false });

/** Exact as a keyword, and with `.words` and `.folded` for searches that ignore case. */
const header = keyword({ fields: { words: text('meniscus_words'), folded } });

/** Microseconds are exact in `search.time`; here for dashboards, in nanoseconds. Years that those cannot hold are left out, not refused. */
const date = { type: 'date_nanos', format: 'strict_date_optional_time', ignore_malformed: true };
const long = { type: 'long' };

/**
 * query-language.md 1 and 2: a word is a run of letters, decimal digits and `_`, in simple lower case with a final sigma as sigma. A word longer than any query's is cut, since
 * Lucene refuses terms above 32,766 bytes.
 */
const analysis = {
  char_filter: {
    meniscus_sigma: { type: 'mapping', mappings: ['ς=>σ'] },
    meniscus_no_name: { type: 'pattern_replace', pattern: '^[^=]*=', replacement: '' },
  },
  tokenizer: { meniscus_words: { type: 'pattern', pattern: '[^\\p{L}\\p{Nd}_]+' } },
  filter: { meniscus_cut: { type: 'truncate', length: WORD_MAX } },
  analyzer: {
    meniscus_words: wordAnalyzer(['meniscus_sigma']),
    meniscus_value_words: wordAnalyzer(['meniscus_no_name', 'meniscus_sigma']),
  },
  normalizer: { meniscus_fold: { type: 'custom', char_filter: ['meniscus_sigma'], filter: ['lowercase'] } },
};

function wordAnalyzer(charFilters: readonly string[]): object {
  return { type: 'custom', char_filter: charFilters, tokenizer: 'meniscus_words', filter: ['lowercase', 'meniscus_cut'] };
}

const search = {
  dynamic: false,
  properties: {
    time: long,
    tenant: long,
    received: long,
    text: { ...text('meniscus_value_words'), copy_to: 'search.values' },
    scalars: { type: 'keyword', index: false, doc_values: false, copy_to: 'search.values' },
    values: { ...terms, fields: { folded: { ...folded, ignore_above: TERM_MAX } } },
    words: text('meniscus_words'),
    numbers: terms,
    addresses: { ...terms, doc_values: false },
    names: terms,
    long: { ...terms, doc_values: false },
    mapped: { type: 'object', dynamic: false },
  },
};

const correlation = {
  properties: {
    tenant_name: keyword(),
    ep_id: long,
    ep_name: header,
    pattern: keyword(),
    durable: { type: 'boolean' },
    encrypted: { type: 'boolean' },
    '@timestamp': date,
    sinks: keyword(),
  },
};

/**
 * native and normalized are kept in `_source` and never parsed: no event can be refused for the types, names or number of its fields. What they hold is found through `search`; for people
 * who use the cluster directly, up to so many names are aliases of fields in `search.mapped`.
 */
const opaque = { type: 'object', enabled: false };

const mappings = {
  dynamic: false,
  _source: { excludes: ['search'] },
  properties: {
    '@timestamp': date,
    time: date,
    host: header,
    pname: header,
    pid: header,
    msgid: header,
    pri: { type: 'short' },
    ver: keyword(),
    msg: text('meniscus_words'),
    severity: { type: 'byte' },
    facility: { type: 'short' },
    level: keyword(),
    native: opaque,
    normalized: opaque,
    meniscus: { properties: { tenant: keyword(), id: keyword(), time_source: keyword(), received: date, correlation } },
    search,
  },
};

/** Body of `PUT _index_template`. Of two prefixes of which one begins like the other, the longer one's counts for its indexes. */
export function indexTemplate(settings: IndexSettings): object {
  return {
    index_patterns: [`${settings.prefix}-*`],
    priority: 500 + settings.prefix.length,
    version: TEMPLATE_VERSION,
    template: {
      settings: {
        index: {
          number_of_shards: settings.shards,
          number_of_replicas: settings.replicas,
          refresh_interval: settings.refreshInterval,
          mapping: { total_fields: { limit: OWN_FIELDS + FIELDS_PER_NAME * settings.mappedFieldsMax } },
          analysis,
        },
      },
      mappings,
    },
    _meta: { description: 'Events of Meniscus, by tenant and day of receipt' },
  };
}
