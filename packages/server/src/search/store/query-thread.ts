import { setFlagsFromString } from 'node:v8';
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { ShapeCache } from '../../event/shape.ts';
import { StoreView } from '../../store/view/store-view.ts';
import type { Complete, HotBatch, Manifest, Mark } from '../../threads/messages.ts';
import type { Attached, FromQuery, QueryStart, ToQuery } from './pool/messages.ts';
import { Runner } from './pool/runner.ts';
import { TailHub } from './tail/tail-hub.ts';

/**
 * A query thread. It is started with QueryStart; segments that come and go are told on the port of the build thread, batches that are in none on
 * those of the ingest threads; main asks on the parent's port (ToQuery, FromQuery).
 */
if (parentPort === null) throw new Error('query-thread.ts is started as a worker thread');
const parent = parentPort;
// An expression that backtracks too often goes on with the engine that takes linear time. Before anything is compiled.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

const start = workerData as QueryStart;
const send = (message: FromQuery, transfer: readonly ArrayBuffer[] = []): void => parent.postMessage(message, transfer);

const view = new StoreView(start.directory, {
  report: (what, error) => send({ type: 'report', what, reason: error instanceof Error ? error.message : String(error) }),
});

let manifests = 0;
let attached = 0;
let ready = false;

/** The thread knows all segments, and, when it replaces another, what is in none. */
function checkReady(): void {
  if (ready || manifests === 0 || (start.waitForIngest && attached < start.ingest.length)) return;
  ready = true;
  send({ type: 'ready' });
}

function receive(message: Manifest | HotBatch | Attached | Complete): void {
  if (message.type === 'batch') {
    view.addHot(message);
    return tails.batch(message);
  }
  if (message.type === 'complete') return tails.complete(message.shard, message.ms);
  if (message.type === 'manifest') {
    view.applyManifest(message);
    manifests++;
  } else attached++;
  checkReady();
}

const ports: readonly MessagePort[] = [...start.ingest, start.build];
for (const port of ports) port.on('message', receive);

/** Takes in what waits on the ports: what was acknowledged before a search is in them by then. */
function catchUp(): void {
  for (const port of ports) {
    for (let waiting = receiveMessageOnPort(port); waiting !== undefined; waiting = receiveMessageOnPort(port))
      receive(waiting.message as Manifest | HotBatch | Attached | Complete);
  }
}

const tools = { shapes: new ShapeCache(), node: start.node };
const tails = new TailHub({
  view,
  tools,
  shards: start.ingest.length,
  send,
  catchUp,
  mark: () => {
    for (const port of start.ingest) port.postMessage({ type: 'mark' } satisfies Mark);
  },
});

const runner = new Runner({
  snapshot: () => {
    catchUp();
    return view.snapshot();
  },
  tools,
  send,
  onTurn: (id) => void Atomics.store(start.turn, 0, id),
});

async function obey(message: ToQuery): Promise<void> {
  switch (message.type) {
    case 'search':
      return runner.search(message);
    case 'export':
      return runner.export(message);
    case 'credit':
      return runner.credit(message.id, message.pieces);
    case 'cancel':
      return runner.cancel(message.id);
    case 'directory':
      view.updateDirectory(message.changes);
      tails.updateDirectory(message.changes);
      return send({ type: 'directory-done', sequence: message.sequence });
    case 'tail-open':
    case 'tail-credit':
    case 'feed-credit':
    case 'tail-close':
      return tails.obey(message);
  }
}

parent.on('message', (message: ToQuery) => {
  // The runner answers failures; what gets here is a defect, and main replaces a thread that ends.
  obey(message).catch((error: unknown) => {
    setImmediate(() => {
      throw error;
    });
  });
});
