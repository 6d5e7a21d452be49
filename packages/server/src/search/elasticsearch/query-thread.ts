import { parentPort, workerData } from 'node:worker_threads';
import type { ElasticsearchSettings } from '../../sinks/elasticsearch/kind.ts';
import type { QueryStart } from '../store/pool/messages.ts';
import { runQueryThread } from '../store/thread.ts';
import { createDocumentSearch } from './create.ts';
import { IndexPast } from './past.ts';

/** What the thread is started with besides QueryStart. */
export interface SinkStart {
  readonly sink: ElasticsearchSettings;
}

/** A query thread that searches what a sink wrote to Elasticsearch or OpenSearch. New events of tails come as in every query thread. */
if (parentPort === null) throw new Error('query-thread.ts is started as a worker thread');
const start = workerData as QueryStart & SinkStart;
const documents = createDocumentSearch({ sink: start.sink, node: start.node });
runQueryThread(parentPort, start, { searcher: () => documents, past: () => new IndexPast(documents) });
