/** The data of CREATE and APPEND: from whatever a caller has to chunks. */

/** What can be written to a file. A function is called for a fresh stream at every attempt, which makes an upload of a stream repeatable. */
export type Data = string | Uint8Array | Chunks | (() => Chunks);
/** Readable streams of Node and of the web, generators, arrays of chunks. */
export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** Large enough for few calls, small enough that a slow server is seen to make progress. */
const SLICE_BYTES = 256 * 1024;

/** Data as the exchange sends it. */
export interface Upload {
  /** Known only for text and buffers; streams are sent chunked. */
  length: number | undefined;
  /** It can be sent again from its start, or nothing of it was taken yet. */
  repeatable: () => boolean;
  /** From the start. */
  open: () => AsyncIterator<Uint8Array>;
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += SLICE_BYTES) yield bytes.subarray(from, from + SLICE_BYTES);
}

async function* bytesOf(chunks: Chunks): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (typeof chunk === 'string') yield Buffer.from(chunk);
    else if (chunk instanceof Uint8Array) yield chunk;
    else throw new TypeError('a stream of data must give Uint8Array or string');
  }
}

function isChunks(value: unknown): value is Chunks {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

/** TypeError when it is nothing that can be written. */
export function uploadOf(data: Data): Upload {
  if (typeof data === 'string' || data instanceof Uint8Array) {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    return { length: bytes.length, repeatable: () => true, open: () => slices(bytes) };
  }
  if (typeof data === 'function') return { length: undefined, repeatable: () => true, open: () => bytesOf(data()) };
  if (!isChunks(data))
    throw new TypeError('data must be a string, a Uint8Array, a stream or an iterable of them, or a function that gives one');
  let opened = false;
  const open = () => {
    opened = true;
    return bytesOf(data);
  };
  return { length: undefined, repeatable: () => !opened, open };
}
