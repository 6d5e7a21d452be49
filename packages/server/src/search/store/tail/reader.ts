import type { StoreView } from '../../../store/view/store-view.ts';
import type { ThreadTools } from '../answer.ts';
import { Cancelled } from '../budget.ts';
import { advanced, type TailCursor } from './cursor.ts';
import { feedContext } from './feed.ts';
import { FrameWriter } from './frames.ts';
import type { FeedRequest, FromTail } from './messages.ts';
import type { Past } from './past.ts';

/** Pieces that may be on their way to a subscriber that catches up. */
const PIECES_AHEAD = 2;

/** One subscriber that catches up: reads what is kept, as fast as it is taken, and loses nothing. */
export class Reader {
  readonly id: number;
  /** Everything before it was sent. */
  cursor: TailCursor;
  reading = false;
  private readonly parts: {
    readonly view: StoreView;
    readonly tools: ThreadTools;
    readonly past: Past;
    readonly send: (message: FromTail, transfer?: readonly ArrayBuffer[]) => void;
  };
  private readonly context;
  private readonly writer: FrameWriter;
  private readonly controller = new AbortController();
  private readonly since = Date.now();
  private credit = PIECES_AHEAD;
  private wake: (() => void) | undefined;
  private told = '';

  constructor(id: number, request: FeedRequest, cursor: TailCursor, parts: Reader['parts']) {
    this.id = id;
    this.cursor = cursor;
    this.parts = parts;
    this.context = feedContext(request, parts.tools);
    this.writer = new FrameWriter(request, parts.tools);
  }

  give(): void {
    this.credit++;
    this.wake?.();
  }

  cancel(): void {
    this.context.budget.cancel();
    this.controller.abort(new Cancelled());
    this.wake?.();
  }

  /** Sends what matches between the cursor and `end`. What a cancelled one has not sent is nobody's. */
  async read(end: ReadonlyMap<number, number>): Promise<void> {
    this.reading = true;
    const snapshot = this.parts.view.snapshot();
    try {
      const next: Record<number, number> = { ...this.cursor.next };
      const { after } = this.cursor;
      const { cursor, since } = this;
      const request = { context: { ...this.context, snapshot }, cursor, end, since, signal: this.controller.signal };
      await this.parts.past.replay(request, (block, row, position) => {
        this.writer.add(block, row);
        next[block.shard] = position + 1;
        return this.writer.full ? this.flush({ next: { ...next }, ...(after === undefined ? {} : { after }) }) : undefined;
      });
      const reached = advanced(this.cursor, end);
      if (this.writer.events > 0) await this.flush(reached);
      this.cursor = reached;
      this.tellGaps();
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    } finally {
      this.reading = false;
      this.writer.release();
      snapshot.release();
    }
  }

  private async flush(cursor: TailCursor): Promise<void> {
    const { budget } = this.context;
    while (this.credit === 0) {
      budget.check();
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    budget.check();
    this.credit--;
    const { bytes, events } = this.writer.take();
    this.parts.send({ type: 'tail-replayed', id: this.id, bytes, events, cursor }, [bytes.buffer]);
    await budget.breathe();
  }

  private tellGaps(): void {
    const reason = this.context.budget.partialReason;
    if (reason === undefined || reason === this.told) return;
    this.told = reason;
    this.parts.send({ type: 'tail-lacks', id: this.id, reason });
  }
}
