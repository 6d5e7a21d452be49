import type { BenchCase } from '../lib/case.ts';
import { beside } from './beside.ts';
import { exporting } from './export.ts';
import { httpIngest, syslogIngest } from './ingest.ts';
import { latency } from './latency.ts';
import { normalize } from './normalize.ts';
import { rsyslogToFile } from './rsyslog.ts';
import { search } from './search.ts';
import { sinkDown } from './sink-down.ts';
import { sinkElasticsearch } from './sink-elasticsearch.ts';
import { sinkMongodb } from './sink-mongodb.ts';
import { sinkFile, sinksAlone } from './sinks-plain.ts';
import { start } from './start.ts';
import { tail } from './tail.ts';

/** Every benchmark, in the order of the table. */
export const cases: readonly BenchCase[] = [
  start,
  syslogIngest,
  rsyslogToFile,
  httpIngest,
  normalize,
  latency,
  search,
  beside,
  exporting,
  tail,
  sinkElasticsearch,
  sinkMongodb,
  sinkFile,
  sinksAlone,
  sinkDown,
];
