/** Every limit of the service in one place, each with what happens at it. Bytes, counts and milliseconds as named. */
export const limits = {
  /** HTTP publish: an event above it is rejected alone, into dead letters. */
  eventBytes: 1 << 20,
  /** HTTP publish: a body above it, decompressed, is 413; nothing of it is kept. */
  publishBodyBytes: 64 << 20,
  /** HTTP publish: bodies being handled; above it a request waits, then is 503. */
  publishBytesInFlight: 192 << 20,
  /** HTTP publish: how long a request waits for room in the queue before it is 503. */
  publishWaitMs: 10_000,
  /** Every other request body: above it 413. */
  requestBodyBytes: 4 << 20,
  /** JSON nesting of an event: deeper is rejected. */
  jsonDepth: 64,
  /** Syslog: a longer message is cut and marked; configurable. */
  syslogMessageBytes: 64 << 10,
  /** Syslog: connections per listener; one more is closed and counted. */
  syslogConnections: 10_000,
  /** Errors listed in an answer to publish. */
  publishErrorsListed: 100,
  /** A batch is sealed at so many bytes of text, or 20 ms after its first event while a commit runs. */
  batchBytes: 1 << 20,
  batchAgeMs: 20,
  /** Batches waiting for their fsync in an ingest thread, in bytes: above it sources are told to stop reading. */
  appendBytesInFlight: 16 << 20,
  /** Events acknowledged but not yet in a segment, in bytes: above it sources are told to stop reading. */
  hotBytes: 256 << 20,
  /** A queue log file is closed at about this size. */
  queueFileBytes: 64 << 20,
  /** The queue on disk: above it appends are refused (503, back-pressure). */
  queueBytes: 8 * 1024 ** 3,
  /** Free disk below this is a full disk: appends are refused while there is still room to finish and delete. */
  diskReserveBytes: 256 << 20,
  /** A segment is written at so many events, bytes of text, or milliseconds after its first event. */
  segmentEvents: 250_000,
  segmentBytes: 64 << 20,
  segmentAgeMs: 60_000,
  /** Rows and bytes of text in a block. */
  blockRows: 16_384,
  blockBytes: 4 << 20,
  /** Leaf columns of a block; the rest share one. */
  blockColumns: 1_000,
  /** Decompressed columns kept by all query threads together: each has a part, and of many threads each an eighth. */
  columnCacheBytes: 512 << 20,
  /** A search answers what it has at its deadline, marked partial. */
  searchDeadlineMs: 30_000,
  /** Searches waiting for a query thread; one more is 429. Per tenant half of it. */
  searchesQueued: 200,
  /** Memory that the results of one search may take: above it the answer is partial. */
  searchResultBytes: 64 << 20,
  /** Live tails open, in all and of one tenant: one more is 429. */
  tails: 1_000,
  tailsOfTenant: 500,
  /** What waits to be sent to all tails together, shared among them, at most `tailBufferBytes` each: live events beyond it are lost to a tail, and it is told how many. */
  tailBuffersBytes: 256 << 20,
  tailBufferBytes: 8 << 20,
  /** New events sent to all tails together, a second: beyond it they lose events in turns, and are told how many, so that ingest does not suffer. */
  tailBytesPerSecond: 64 << 20,
  /** Caps of what one request asks for: above it 400, naming the cap. */
  eventsPerPage: 10_000,
  facetValues: 1_000,
  histogramBuckets: 2_000,
  /** Dead letters kept for each tenant, and for the operator, in number and bytes: the oldest goes, counted. */
  deadLettersPerTenant: 10_000,
  deadLetterBytesPerTenant: 64 << 20,
  /** A rejected or unparsable text is kept up to so many bytes. */
  deadLetterBytes: 64 << 10,
  /** The document of an event that a sink did not take, up to so many bytes: a longer one is cut and cannot be redriven. */
  deadLetterDocumentBytes: 4 << 20,
  /** Event producers and API keys of one tenant (API keys of the operator too): one more is refused. */
  producersPerTenant: 10_000,
  keysPerTenant: 1_000,
  /** Saved searches of one tenant: one more is refused. */
  savedSearchesPerTenant: 1_000,
  /** Rulebases of one tenant, in number and bytes: one more is refused. */
  rulebasesPerTenant: 1_000,
  rulebaseBytesPerTenant: 16 << 20,
  /** A rulebase: a larger one is refused. */
  rulebaseBytes: 256 << 10,
  /** All rules of a rulebase, each with its prefix, in bytes: a longer one is refused, since a long prefix makes a short text much work. */
  rulebaseRuleBytes: 1 << 20,
  /** Rulebases kept ready in each ingest thread, in bytes of their texts (each takes some 70 bytes of memory): the one not used for longest is loaded again when needed. */
  rulebaseCacheBytes: 2 << 20,
  /** Loading of one tenant's rulebases in an ingest thread, in milliseconds at once, of which a tenth is given back with time: beyond it events pass without `normalized`, counted as skipped. */
  rulebaseLoadMs: 1_000,
  /** Normalization: a longer msg is not normalized, counted as skipped. */
  normalizeMsgBytes: 64 << 10,
  /** Work that a line may cost a rulebase, in bytes and rules looked at, on top of 200 for each of its bytes: beyond it the line counts as unparsed. */
  normalizeWork: 100_000,
  /** Lines of a tenant that were stopped by the work limit, a second and thread: beyond it events pass without `normalized` for the rest of the second, counted as skipped. */
  normalizeLimitedLines: 50,
  /** What `normalized` may add to an event, names apart, on top of eight times the bytes of its msg: beyond it the event counts as unparsed. */
  normalizedBytes: 4 << 10,
  /** Unparsed lines kept in memory for each producer, bytes of each, and producers that have some: the oldest go. */
  unparsedSamples: 20,
  unparsedSampleBytes: 1_024,
  unparsedProducers: 1_000,
  /** Errors listed in an answer to a bad rulebase. */
  rulebaseErrorsListed: 100,
  /** Lines in one test of a rulebase, and bytes of a line: above it 400. */
  rulebaseTestLines: 1_000,
  rulebaseTestLineBytes: 64 << 10,
  /** Rules that an explanation of a line shows, those that got furthest, and characters of a text in it: the rest is left out. */
  rulebaseExplainedRules: 10,
  rulebaseExplainedText: 200,
  /** Characters of the results of a test: above it 400. */
  rulebaseTestResultBytes: 16 << 20,
  /** Checking or testing a rulebase takes at most so many milliseconds: then it is ended and answered 400. */
  rulebaseTestMs: 10_000,
  /** Rulebases being checked or tested, or waiting for it; one more is 429. Per tenant half of it. */
  rulebaseTestsQueued: 32,
} as const;
