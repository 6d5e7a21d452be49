import type { SinkBatch } from '../writer.ts';
import { SearchObjects } from './fields/search-object.ts';
import type { TenantIndex } from './indexes.ts';

/** Where an event of the usual size still fits after a request of the usual size. */
const BUFFER_BYTES = 8 << 20;
/** UTF-8 of a UTF-16 unit. */
const BYTES_MAX = 3;

/** Events with the index of each. */
export interface Addressed {
  readonly batch: SinkBatch;
  readonly indexes: readonly TenantIndex[];
}

/** The rows `from` to `to` of a batch as a request that writes them. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
}

/**
 * Makes the bodies of bulk requests: an action and a document for each event. Each row is written to the buffer by itself, so that its text is short-lived and never part of a long
 * one. Buffers are used again once their request has been answered.
 */
export class BulkBodies {
  private readonly searchObjects = new SearchObjects();
  private readonly free: Buffer[] = [];

  /** As many rows as fit in about `maxBytes`, at least one. */
  make({ batch, indexes }: Addressed, from: number, to: number, maxBytes: number): Piece {
    let buffer = this.free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
    let [row, length] = [from, 0];
    for (; row < to && (row === from || length < maxBytes); row++) {
      const line = this.line(batch, row, indexes[row]!);
      if (line.length * BYTES_MAX > buffer.length - length) {
        if (row > from) break;
        this.free.push(buffer);
        buffer = Buffer.allocUnsafeSlow(line.length * BYTES_MAX);
      }
      length += buffer.utf8Write(line, length);
    }
    return { from, to: row, bytes: buffer.subarray(0, length) };
  }

  /** The request of a piece was answered, so nothing reads its bytes any more. */
  release({ bytes }: Piece): void {
    if (bytes.buffer.byteLength === BUFFER_BYTES && this.free.length < 2) this.free.push(Buffer.from(bytes.buffer));
  }

  private line(batch: SinkBatch, row: number, { name, mapped }: TenantIndex): string {
    const document = batch.document(row);
    const search = this.searchObjects.json(batch, row, document, mapped);
    const source = this.searchObjects.hasHuge ? withTexts(batch.object(row)) : document;
    return `{"create":{"_index":"${name}","_id":"${batch.id(row)}"}}\n${source.slice(0, -1)},"search":${search}}\n`;
  }
}

/** Numbers in the text of JSON that no double holds, of which JavaScript has a function since 2023 and TypeScript no type yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (this: void, text: string) => unknown };

/** The document with its huge numbers as texts, so that they keep their digits; integers are what they are. */
function withTexts(document: Record<string, unknown>): string {
  return JSON.stringify(document, (_key, value: unknown) => (typeof value === 'bigint' ? rawJSON(String(value)) : value));
}
