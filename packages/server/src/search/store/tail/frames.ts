import { EventRenderer, type BlockRenderer } from '../../../store/event-json.ts';
import type { Block } from '../../../store/block.ts';
import type { ThreadTools } from '../answer.ts';
import type { FeedRequest } from './messages.ts';

/** A piece is sent at about this many characters. */
const PIECE_LENGTH = 48 << 10;
/** Blocks whose columns are at hand. */
const BLOCKS_AT_HAND = 8;

/** Writes events as frames of a stream of server-sent events (HTML Living Standard, 9.2.6); JSON text has no line ends, so that data is one line. */
export class FrameWriter {
  events = 0;
  private text = '';
  private readonly renderer: EventRenderer;
  private readonly held = new Map<Block, BlockRenderer>();

  constructor({ tenant, fields }: FeedRequest, { node, shapes }: ThreadTools) {
    this.renderer = new EventRenderer(node, tenant.id, fields, shapes);
  }

  /** True once the piece is large enough. */
  get full(): boolean {
    return this.text.length >= PIECE_LENGTH;
  }

  add(block: Block, row: number): void {
    const json = this.of(block).row(row);
    // An event begins with its id, which has 36 characters.
    this.text += `event: log\nid: ${json.slice(7, 43)}\ndata: ${json}\n\n`;
    this.events++;
  }

  /** The piece so far, and begins another. */
  take(): { readonly bytes: Uint8Array<ArrayBuffer>; readonly events: number } {
    const piece = { bytes: new TextEncoder().encode(this.text), events: this.events };
    this.text = '';
    this.events = 0;
    return piece;
  }

  /** Forgets blocks: their columns may go. */
  release(): void {
    this.held.clear();
  }

  private of(block: Block): BlockRenderer {
    const known = this.held.get(block);
    if (known !== undefined) return known;
    const made = this.renderer.block(block);
    if (this.held.size >= BLOCKS_AT_HAND) this.held.delete(this.held.keys().next().value!);
    this.held.set(block, made);
    return made;
  }
}
