import { pipeline, Readable } from 'node:stream';
import { createGzip, createZstdCompress, constants } from 'node:zlib';
import type { SinkBatch } from '../writer.ts';
import type { HdfsSettings } from './kind.ts';

const CHUNK_UNITS = 256 << 10;
/** Files are written once and read for years. */
const ZSTD_LEVEL = 6;

/** How many of the rows, from `from` on, make a file of at most so many bytes; at least one. */
export function fitting(batch: SinkBatch, rows: readonly number[], from: number, maxBytes: number): number {
  let bytes = 0;
  let at = from;
  while (at < rows.length) {
    bytes += Buffer.byteLength(batch.document(rows[at]!)) + 1;
    if (bytes > maxBytes && at > from) break;
    at++;
  }
  return at - from;
}

function* chunks(batch: SinkBatch, rows: readonly number[]): Generator<Buffer> {
  let text = '';
  for (const row of rows) {
    text += `${batch.document(row)}\n`;
    if (text.length < CHUNK_UNITS) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

/** The documents as the content of a file, made while it is sent. */
export function content(batch: SinkBatch, rows: readonly number[], compression: HdfsSettings['compression']): Readable {
  const plain = Readable.from(chunks(batch, rows));
  if (compression === 'none') return plain;
  const params = { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL };
  const compressed = compression === 'gzip' ? createGzip() : createZstdCompress({ params });
  // A failure of either ends both; who reads sees it.
  return pipeline(plain, compressed, () => {}) as unknown as Readable;
}
