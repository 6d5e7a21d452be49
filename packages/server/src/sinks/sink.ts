/**
 * A sink takes events out of the queue and puts them where they stay: the store, or the thread of a configured sink (feed/). Each has a consumer of its own in the queue, so that one that is
 * slow or down never holds back another.
 *
 * The ingest thread makes a sink for its shard when the queue is open, calls `run` once and aborts its signal at the stop. Within `run` the sink takes batches in order by
 * `QueueConsumer.next` and calls `commit` only for what is safe where it went, in order; what it has not committed comes again at the next start, so that it must take a batch
 * that it has seen before without doubling its events (they have ids and positions).
 */
export interface Sink {
  /** Its name: in producers' `sinks`, the pipeline's view and as the queue's consumer. */
  readonly name: string;
  /** It takes nothing more until it has got rid of what it holds: sources are told to stop reading. */
  readonly congested: boolean;
  /** How long the oldest event that it took waits to be safe, in seconds. */
  readonly lagSeconds: number;
  /** Resolves when `signal` aborts or the queue closes; rejects when the queue cannot be read. */
  run(signal: AbortSignal): Promise<void>;
}
