import type { PlainError } from '../../../threads/ingest-messages.ts';
import type { TailRequest } from '../../tail.ts';
import type { TailCursor } from './cursor.ts';

/** What a feed is: the events of one tenant that match one query, made once for all its subscribers. */
export type FeedRequest = Omit<TailRequest, 'start'>;

/** To a query thread. */
export type ToTail =
  /** A subscriber: catches up from its cursor (undefined: now), then joins the feed. Answered with `tail-started`. */
  | {
      readonly type: 'tail-open';
      readonly id: number;
      readonly feed: number;
      readonly request: FeedRequest;
      readonly cursor: TailCursor | undefined;
    }
  /** A replayed piece was taken. */
  | { readonly type: 'tail-credit'; readonly id: number }
  /** So many bytes of a feed were passed on. */
  | { readonly type: 'feed-credit'; readonly feed: number; readonly bytes: number }
  | { readonly type: 'tail-close'; readonly id: number };

/** From a query thread. */
export type FromTail =
  | { readonly type: 'tail-started'; readonly id: number; readonly cursor: TailCursor }
  /** Of one subscriber that catches up. */
  | {
      readonly type: 'tail-replayed';
      readonly id: number;
      readonly bytes: Uint8Array;
      readonly events: number;
      readonly cursor: TailCursor;
    }
  | { readonly type: 'tail-lacks'; readonly id: number; readonly reason: string }
  /** What the feed sends from here on, where the cursor is, is the subscriber's. */
  | { readonly type: 'tail-joined'; readonly id: number; readonly cursor: TailCursor }
  | {
      readonly type: 'feed-events';
      readonly feed: number;
      readonly bytes: Uint8Array;
      readonly events: number;
      readonly cursor: TailCursor;
    }
  /** So many events that match were not made: nobody had room. */
  | { readonly type: 'feed-lost'; readonly feed: number; readonly events: number }
  /** Every feed of the thread is there. */
  | { readonly type: 'feeds-at'; readonly cursor: TailCursor }
  | { readonly type: 'tail-failed'; readonly id: number; readonly error: PlainError };

export function isTailMessage(message: { readonly type: string }): message is FromTail {
  return message.type.startsWith('tail-') || message.type.startsWith('feed');
}
