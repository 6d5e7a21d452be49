import type { SearchScope } from './search.ts';

/** Where a tail begins: with what comes from now on, with what was received from an instant on, or behind an event. */
export type TailStart =
  | { readonly kind: 'now' }
  /** Microseconds since the epoch; the millisecond that holds it counts whole. */
  | { readonly kind: 'received'; readonly from: number }
  /** An event's id. The event need not be there any more, nor match. */
  | { readonly kind: 'after'; readonly id: string };

export interface TailRequest {
  readonly tenant: SearchScope['tenant'];
  readonly query: SearchScope['query'];
  /** The query as it was typed. */
  readonly text: string;
  /** The parts of each event to send; everything when not given. */
  readonly fields?: readonly string[];
  readonly start: TailStart;
}

/** Some events, in order, as frames of a stream of server-sent events. */
export interface TailPiece {
  /** Shared among subscribers: never to be changed. */
  readonly bytes: Uint8Array;
  readonly events: number;
}

/**
 * Who follows a tail. Its events come in the order of their receipt (in each ingest thread by queue position; between threads by the millisecond of
 * receipt), each once: first `replay` for what was there, one piece at a time, then `offer`.
 */
export interface TailSubscriber {
  /** Called once, before any event: nothing that comes from now on is missed. `id`: a tail that begins after it sees the same, for subscribers that have seen no event yet. */
  started(id: string): void;
  /** What was there: the next piece is made when the promise resolves. */
  replay(piece: TailPiece): Promise<void>;
  /** New events. False: there is no room, they are lost to this subscriber, which counts them. */
  offer(piece: TailPiece): boolean;
  /** So many events that match were not even made, since no subscriber of the same tail had room. */
  lost(events: number): void;
  /** Something that was kept cannot be read: the replay goes on without it. */
  lacks(reason: string): void;
  /** Nothing comes any more. A MeniscusError. */
  ended(error: unknown): void;
}

export interface Tail {
  /** How many are open. */
  readonly tails: number;
  /** Begins a tail; the function that is returned ends it at once. Throws too_many_requests. Never calls the subscriber before it returns. */
  tail(request: TailRequest, subscriber: TailSubscriber): () => void;
}
