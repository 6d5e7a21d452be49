import { EventRenderer, type BlockRenderer } from '../../../store/event-json.ts';
import type { Block } from '../../../store/block.ts';
import type { ThreadTools } from '../answer.ts';
import type { LiveBlock } from './live-block.ts';
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
  /** What the frames of a tenant's events depend on. */
  private readonly key: string;

  constructor({ tenant, fields }: FeedRequest, { node, shapes }: ThreadTools) {
    this.key = JSON.stringify(fields ?? null);
    this.renderer = new EventRenderer(node, tenant.id, fields, shapes);
  }

  /** True once the piece is large enough. */
  get full(): boolean {
    return this.text.length >= PIECE_LENGTH;
  }

  add(block: Block, row: number): void {
    this.text += this.frame(block, row);
    this.events++;
  }

  /** The same, of a new row that other feeds of its tenant may have written already. */
  addShared(block: LiveBlock, row: number): void {
    const frames = block.frames(this.key);
    this.text += frames[row] ??= this.frame(block, row);
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

  private frame(block: Block, row: number): string {
    const json = this.of(block).row(row);
    // An event begins with its id, which has 36 characters.
    return `event: log\nid: ${json.slice(7, 43)}\ndata: ${json}\n\n`;
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
