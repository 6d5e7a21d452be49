import type { MessagePort } from 'node:worker_threads';
import type { Queue } from '../../queue/queue.ts';
import type { FeedOptions } from '../dispatch/dispatch.ts';
import { SinkFeed } from './sink-feed.ts';
import { WantedBatches } from './wanted.ts';

interface Running {
  readonly feed: SinkFeed;
  readonly aborter: AbortController;
  readonly ended: Promise<void>;
}

/** The feeds of one ingest thread: one for each configured sink besides the store. */
export class SinkFeeds {
  private readonly queue: Queue;
  private readonly onRelief: () => void;
  private readonly wanted = new WantedBatches();
  private readonly running = new Map<string, Running>();
  /** Changes of one sink come one after the other. */
  private changing: Promise<void> = Promise.resolve();

  constructor(queue: Queue, onRelief: () => void) {
    this.queue = queue;
    this.onRelief = onRelief;
  }

  /** The sink whose limit of the queue is reached; null: none. */
  get congested(): string | null {
    for (const [name, { feed }] of this.running) if (feed.congested) return name;
    return null;
  }

  get lagSeconds(): readonly (readonly [string, number])[] {
    return Array.from(this.running, ([name, { feed }]) => [name, feed.lagSeconds] as const);
  }

  /** Feeds a thread of the sink from what is not committed on, in place of the one before. */
  async start(options: FeedOptions, port: MessagePort): Promise<void> {
    const { name, windowBytes, queueMaxBytes } = options;
    await this.change(async () => {
      await this.end(name);
      const parts = { name, port, queue: this.queue, windowBytes, queueMaxBytes, wanted: this.wanted, onRelief: this.onRelief };
      const feed = new SinkFeed(parts);
      const aborter = new AbortController();
      this.running.set(name, { feed, aborter, ended: feed.run(aborter.signal) });
    });
  }

  async remove(name: string): Promise<void> {
    await this.change(async () => {
      await this.end(name);
      await this.queue.removeConsumer(name);
      this.onRelief();
    });
  }

  async stop(): Promise<void> {
    await this.change(async () => {
      for (const name of Array.from(this.running.keys())) await this.end(name);
    });
  }

  private async end(name: string): Promise<void> {
    const running = this.running.get(name);
    if (running === undefined) return;
    this.running.delete(name);
    running.aborter.abort();
    await running.ended;
  }

  private async change(run: () => Promise<void>): Promise<void> {
    const changed = this.changing.then(run);
    this.changing = changed.catch(() => {});
    await changed;
  }
}
