import { parentPort, workerData } from 'node:worker_threads';
import type { QueryStart } from './pool/messages.ts';
import { StoreSearcher } from './searcher.ts';
import { storePast } from './tail/past.ts';
import { runQueryThread } from './thread.ts';

/** A query thread that searches the store. */
if (parentPort === null) throw new Error('query-thread.ts is started as a worker thread');
runQueryThread(parentPort, workerData as QueryStart, (snapshot, tools) => ({
  searcher: new StoreSearcher(snapshot, tools),
  past: storePast,
}));
