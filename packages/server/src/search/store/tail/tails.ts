import { MeniscusError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { fromPlainError } from '../../../threads/plain-error.ts';
import type { TailRequest, TailSubscriber } from '../../tail.ts';
import { cursorOf, idOfCursor, type TailCursor } from './cursor.ts';
import { ByteRate } from './byte-rate.ts';
import type { FeedRequest, FromTail, ToTail } from './messages.ts';

/** A query thread, as far as tails go. */
export interface TailThread {
  send(message: ToTail): void;
}

interface Member {
  readonly id: number;
  readonly subscriber: TailSubscriber;
  readonly feed: FeedState;
  /** Undefined: now. */
  cursor: TailCursor | undefined;
  started: boolean;
  joined: boolean;
}

interface FeedState {
  readonly id: number;
  readonly key: string;
  readonly request: FeedRequest;
  readonly members: Set<Member>;
  /** Those that have joined, in turns: who is first offered a piece. */
  turn: number;
  /** Where those are that have joined. */
  cursor: TailCursor | undefined;
  thread: TailThread | undefined;
  /** Threads that ended while they had it, lately. */
  losses: number[];
}

/** Credit for a piece that nobody had room for comes so much later. */
const NO_ROOM_MS = 250;
/** A feed whose threads end so often within a minute is given up: it may be the cause. */
const LOSSES_MAX = 5;
const LOSSES_MS = 60_000;

/**
 * Tails, seen from main: which feeds there are, which thread has each, who follows it. A feed is evaluated once, whoever follows; its bytes are
 * shared. When its thread is replaced, each subscriber goes on in another from where it was.
 */
export class Tails {
  private readonly node: number;
  private readonly members = new Map<number, Member>();
  private readonly feeds = new Map<number, FeedState>();
  private readonly byKey = new Map<string, FeedState>();
  private readonly threads = new Map<TailThread, Set<FeedState>>();
  private readonly rate = new ByteRate(limits.tailBytesPerSecond);
  private nextId = 1;

  constructor(node: number) {
    this.node = node;
  }

  /** How many there are. */
  get size(): number {
    return this.members.size;
  }

  open({ start, ...request }: TailRequest, subscriber: TailSubscriber): () => void {
    this.checkRoom(request.tenant.number);
    const feed = this.feedFor(request);
    const member: Member = { id: this.nextId++, subscriber, feed, cursor: cursorOf(start), started: false, joined: false };
    this.members.set(member.id, member);
    feed.members.add(member);
    if (feed.thread === undefined) this.place(feed);
    else this.begin(member, feed.thread);
    return () => this.leave(member);
  }

  addThread(thread: TailThread): void {
    if (!this.threads.has(thread)) this.threads.set(thread, new Set());
    for (const feed of this.feeds.values()) if (feed.thread === undefined) this.place(feed);
  }

  removeThread(thread: TailThread): void {
    const feeds = this.threads.get(thread) ?? [];
    this.threads.delete(thread);
    const now = performance.now();
    for (const feed of feeds) {
      feed.thread = undefined;
      for (const member of feed.members) {
        if (member.joined) member.cursor = feed.cursor;
        member.joined = false;
      }
      feed.cursor = undefined;
      feed.losses = [...feed.losses.filter((at) => now - at < LOSSES_MS), now];
      if (feed.losses.length < LOSSES_MAX) this.place(feed);
      else this.endAll(feed, new MeniscusError('unavailable', 'the threads of the tail ended again and again', { retryAfter: 60 }));
    }
  }

  receive(thread: TailThread, message: FromTail): void {
    if (message.type === 'feeds-at') {
      for (const feed of this.threads.get(thread) ?? []) feed.cursor = message.cursor;
    } else if ('feed' in message) this.fromFeed(thread, message);
    else this.toMember(thread, message);
  }

  close(): void {
    const error = new MeniscusError('shutting_down');
    for (const feed of Array.from(this.feeds.values())) this.endAll(feed, error);
    this.threads.clear();
  }

  private checkRoom(tenant: number): void {
    let mine = 0;
    for (const { feed } of this.members.values()) if (feed.request.tenant.number === tenant) mine++;
    if (this.members.size >= limits.tails || mine >= limits.tailsOfTenant)
      throw new MeniscusError('too_many_requests', `${Math.max(mine, this.members.size)} tails are open already`, { retryAfter: 5 });
  }

  private feedFor(request: FeedRequest): FeedState {
    const key = JSON.stringify([request.tenant.number, request.fields ?? null, request.text, request.query]);
    let feed = this.byKey.get(key);
    if (feed === undefined) {
      feed = { id: this.nextId++, key, request, members: new Set(), turn: 0, cursor: undefined, thread: undefined, losses: [] };
      this.feeds.set(feed.id, feed);
      this.byKey.set(key, feed);
    }
    return feed;
  }

  /** Gives a feed to the thread with the fewest, if there is one. */
  private place(feed: FeedState): void {
    const [best] = [...this.threads].sort((a, b) => a[1].size - b[1].size);
    if (best === undefined) return;
    const [thread, feeds] = best;
    feeds.add(feed);
    feed.thread = thread;
    for (const member of feed.members) this.begin(member, thread);
  }

  private begin(member: Member, thread: TailThread): void {
    thread.send({ type: 'tail-open', id: member.id, feed: member.feed.id, request: member.feed.request, cursor: member.cursor });
  }

  private leave(member: Member): void {
    if (!this.members.delete(member.id)) return;
    const { feed } = member;
    feed.members.delete(member);
    feed.thread?.send({ type: 'tail-close', id: member.id });
    if (feed.members.size > 0) return;
    this.feeds.delete(feed.id);
    this.byKey.delete(feed.key);
    if (feed.thread !== undefined) this.threads.get(feed.thread)?.delete(feed);
  }

  private endAll(feed: FeedState, error: unknown): void {
    for (const member of Array.from(feed.members)) {
      this.leave(member);
      member.subscriber.ended(error);
    }
  }

  private toMember(thread: TailThread, message: Exclude<FromTail, { feed: number } | { type: 'feeds-at' }>): void {
    const member = this.members.get(message.id);
    if (member === undefined || member.feed.thread !== thread) return;
    switch (message.type) {
      case 'tail-started':
        member.cursor = message.cursor;
        if (!member.started) member.subscriber.started(idOfCursor(message.cursor, this.node, Date.now()));
        member.started = true;
        return;
      case 'tail-replayed':
        return this.replay(member, message, thread);
      case 'tail-lacks':
        return member.subscriber.lacks(message.reason);
      case 'tail-joined':
        member.joined = true;
        member.feed.cursor = message.cursor;
        return;
      case 'tail-failed':
        this.leave(member);
        return member.subscriber.ended(fromPlainError(message.error));
    }
  }

  private replay(member: Member, piece: Extract<FromTail, { type: 'tail-replayed' }>, thread: TailThread): void {
    member.cursor = piece.cursor;
    member.subscriber.replay(piece).then(
      () => {
        if (member.feed.thread === thread) thread.send({ type: 'tail-credit', id: member.id });
      },
      () => this.leave(member),
    );
  }

  private fromFeed(thread: TailThread, message: Extract<FromTail, { feed: number }>): void {
    const feed = this.feeds.get(message.feed);
    const joined = feed?.thread === thread ? Array.from(feed.members).filter((member) => member.joined) : [];
    if (message.type === 'feed-lost') {
      for (const { subscriber } of joined) subscriber.lost(message.events);
      return;
    }
    if (feed !== undefined && joined.length > 0) feed.cursor = message.cursor;
    const taken = feed === undefined || this.offer(feed, joined, message);
    const give = (): void => {
      if (this.threads.has(thread)) thread.send({ type: 'feed-credit', feed: message.feed, bytes: message.bytes.byteLength });
    };
    if (taken) give();
    else setTimeout(give, NO_ROOM_MS).unref();
  }

  /** Offers a piece to all, another one first each time, as the rate may not suffice for everybody. Whether anybody took it. */
  private offer(feed: FeedState, joined: readonly Member[], piece: { readonly bytes: Uint8Array; readonly events: number }): boolean {
    let taken = false;
    const first = feed.turn++;
    for (let i = 0; i < joined.length; i++) {
      const { subscriber } = joined[(first + i) % joined.length]!;
      if (!this.rate.has(piece.bytes.byteLength)) subscriber.lost(piece.events);
      else if (subscriber.offer(piece)) {
        this.rate.spend(piece.bytes.byteLength);
        taken = true;
      }
    }
    return taken;
  }
}
