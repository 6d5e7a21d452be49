import { parentPort, workerData } from 'node:worker_threads';
import type { ElasticsearchSettings } from '../../sinks/elasticsearch/kind.ts';
import type { QueryStart } from '../store/pool/messages.ts';
import { runQueryThread } from '../store/thread.ts';
import { createDocumentSearch } from './create-document-search.ts';
import { IndexPast } from './past.ts';

/** What the thread is started with besides QueryStart. */
export interface SinkStart {
  readonly sink: ElasticsearchSettings;
}

/** A query thread that searches what a sink wrote to Elasticsearch or OpenSearch. New events of tails come as in every query thread. */
if (parentPort === null) throw new Error('query-thread.ts is started as a worker thread');
const start = workerData as QueryStart & SinkStart;
runQueryThread(parentPort, start, (_snapshot, tools) => {
  const documents = createDocumentSearch(start.sink, tools);
  return { searcher: documents, past: new IndexPast(documents) };
});
