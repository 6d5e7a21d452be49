import { setFlagsFromString } from 'node:v8';
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { ShapeCache } from '../../event/shape.ts';
import type { Snapshot } from '../../store/block.ts';
import { StoreView } from '../../store/view/store-view.ts';
import type { Complete, HotBatch, Manifest, Mark } from '../../threads/messages.ts';
import type { ThreadTools } from './answer.ts';
import type { Attached, FromQuery, QueryStart, ToQuery } from './pool/messages.ts';
import { Runner } from './pool/runner.ts';
import type { Searcher } from './searcher.ts';
import type { Past } from './tail/past.ts';
import { TailHub } from './tail/tail-hub.ts';

/** Where the answers of a query thread come from, and what its tails are given of the past. */
export interface QuerySources {
  readonly searcher: Searcher;
  readonly past: Past;
}

/** `snapshot`: takes a view of the store, of all that was acknowledged before now. */
export type MakeSources = (snapshot: () => Snapshot, tools: ThreadTools) => QuerySources;

type FromIngest = Manifest | HotBatch | Attached | Complete;

/**
 * Runs a query thread. It is started with QueryStart; segments that come and go are told on the port of the build thread, batches that are in none on
 * those of the ingest threads; main asks on the parent's port (ToQuery, FromQuery).
 */
export function runQueryThread(parent: MessagePort, start: QueryStart, makeSources: MakeSources): void {
  // An expression that backtracks too often goes on with the engine that takes linear time. Before anything is compiled.
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
  const thread = new QueryThread(parent, start, makeSources);
  parent.on('message', (message: ToQuery) => {
    // The runner answers failures; what gets here is a defect, and main replaces a thread that ends.
    thread.obey(message).catch((error: unknown) => {
      setImmediate(() => {
        throw error;
      });
    });
  });
}

class QueryThread {
  private readonly start: QueryStart;
  private readonly parent: MessagePort;
  private readonly view: StoreView;
  private readonly ports: readonly MessagePort[];
  private readonly tails: TailHub;
  private readonly runner: Runner;
  private manifests = 0;
  private attached = 0;
  private ready = false;

  constructor(parent: MessagePort, start: QueryStart, makeSources: MakeSources) {
    this.parent = parent;
    this.start = start;
    const tools = { shapes: new ShapeCache(), node: start.node };
    const snapshot = (): Snapshot => {
      this.catchUp();
      return this.view.snapshot();
    };
    const { searcher, past } = makeSources(snapshot, tools);
    this.view = new StoreView(start.directory, {
      cacheShare: start.cacheShare,
      whole: past.needsWhole,
      report: (what, error) => this.send({ type: 'report', what, reason: messageOf(error) }),
    });
    this.ports = [...start.ingest, start.build];
    this.tails = this.makeTails(tools, past);
    this.runner = new Runner({
      searcher,
      send: this.send,
      onTurn: (id) => void Atomics.store(start.turn, 0, id),
    });
    for (const port of this.ports) port.on('message', (message: FromIngest) => this.receive(message));
  }

  async obey(message: ToQuery): Promise<void> {
    const { runner, tails } = this;
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
        this.view.updateDirectory(message.changes);
        tails.updateDirectory(message.changes);
        return this.send({ type: 'directory-done', sequence: message.sequence });
      case 'tail-open':
      case 'tail-credit':
      case 'feed-credit':
      case 'tail-close':
        return tails.obey(message);
    }
  }

  private readonly send = (message: FromQuery, transfer: readonly ArrayBuffer[] = []): void => this.parent.postMessage(message, transfer);

  private makeTails(tools: ThreadTools, past: Past): TailHub {
    return new TailHub({
      view: this.view,
      tools,
      past,
      shards: this.start.ingest.length,
      send: this.send,
      catchUp: () => this.catchUp(),
      mark: () => {
        for (const port of this.start.ingest) port.postMessage({ type: 'mark' } satisfies Mark);
      },
    });
  }

  /** The thread knows all segments, and, when it replaces another, what is in none. */
  private checkReady(): void {
    const { waitForIngest, ingest } = this.start;
    if (this.ready || this.manifests === 0 || (waitForIngest && this.attached < ingest.length)) return;
    this.ready = true;
    this.send({ type: 'ready' });
  }

  private receive(message: FromIngest): void {
    if (message.type === 'batch') {
      this.view.addHot(message);
      return this.tails.batch(message);
    }
    if (message.type === 'complete') return this.tails.complete(message.shard, message.ms);
    if (message.type === 'manifest') {
      this.view.applyManifest(message);
      this.manifests++;
    } else this.attached++;
    this.checkReady();
  }

  /** Takes in what waits on the ports: what was acknowledged before a search is in them by then. */
  private catchUp(): void {
    for (const port of this.ports)
      for (let waiting = receiveMessageOnPort(port); waiting !== undefined; waiting = receiveMessageOnPort(port))
        this.receive(waiting.message as FromIngest);
  }
}
