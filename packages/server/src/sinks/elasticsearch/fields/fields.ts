/** Paths of the fields that a search looks at; docs/internals/elasticsearch.md says what is in each. */
export const FIELDS = {
  /** The tenant's internal number: a tenant made anew under the id of a deleted one sees nothing of it. */
  tenant: 'search.tenant',
  /** Microseconds since the epoch, of the event and of its receipt. */
  time: 'search.time',
  received: 'search.received',
  /** Words of every text in native and normalized, for terms without a field. Those of host, pname and msgid are in `<field>.words`, msg's in `msg`. */
  words: 'search.text',
  /** `valueTerm`s of all leaves, as sent and folded. Those of event fields are in the fields themselves (`host`, `host.folded`). */
  values: 'search.values',
  folded: 'search.values.folded',
  /** `fieldWord`s of texts in native and normalized; phrases do not cross values. */
  fieldWords: 'search.words',
  /** `numberTerm`s of all leaves and event fields that are or read as numbers. */
  numbers: 'search.numbers',
  /** `addressTerm`s of all leaves and event fields that are addresses. */
  addresses: 'search.addresses',
  /** `kindTerm`s of leaves that are not null and of an empty msg, and `nameKey`s of the objects that hold leaves which are not empty. */
  names: 'search.names',
  /** `nameKey`s of leaves and event fields that have a value too long for `values` or their field. */
  long: 'search.long',
} as const;

/** The event fields that are texts, and where they are in the document. Each is a keyword with `.words` and `.folded`; msg is words alone. */
export const TEXT_FIELDS: Readonly<Record<string, string>> = {
  host: 'host',
  pname: 'pname',
  pid: 'pid',
  msgid: 'msgid',
  producer: 'meniscus.correlation.ep_name',
};
