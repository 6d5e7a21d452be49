import { parentPort, workerData } from 'node:worker_threads';
import type { FromQuery, QueryStart, ToQuery } from './messages.ts';

/**
 * A query thread that does as the text of a search says: `stuck` never comes back, `die` ends the thread, `wait` is answered when it is cancelled, anything else
 * is answered at once with that text.
 */
const { turn } = workerData as QueryStart;
const send = (message: FromQuery): void => parentPort!.postMessage(message);

parentPort!.on('message', (message: ToQuery) => {
  if (message.type === 'cancel') send({ type: 'ended', id: message.id });
  if (message.type === 'directory') send({ type: 'directory-done', sequence: message.sequence });
  if (message.type !== 'search') return;
  const { id, request } = message;
  Atomics.store(turn, 0, id);
  if (request.text === 'stuck') while (Atomics.load(turn, 0) === id);
  if (request.text === 'die') throw new Error('out of order');
  Atomics.store(turn, 0, 0);
  if (request.text !== 'wait') send({ type: 'answer', id, json: JSON.stringify(request.text) });
});
send({ type: 'ready' });
