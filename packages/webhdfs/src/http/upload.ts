/** The data of CREATE and APPEND: from whatever a caller has to chunks. */

/** What can be written to a file. A function is called for a fresh stream at every attempt, which makes an upload of a stream repeatable. */
export type Data = string | Uint8Array | Chunks | (() => Chunks);
/** Readable streams of Node and of the web, generators, arrays of chunks. */
export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** Large enough for few calls, small enough that a slow server is seen to make progress. */
const SLICE_BYTES = 256 * 1024;

/** One pass over the data. */
export interface Source {
  next: () => Promise<IteratorResult<Uint8Array, unknown>>;
  /** Nobody reads on: lets go of the caller's stream, even if it never gives another chunk. */
  cancel: () => void;
}

/** Data as the exchange sends it. */
export interface Upload {
  /** Known only for text and buffers; streams are sent chunked. */
  length: number | undefined;
  /** It can be sent again from its start, or nothing of it was taken yet. */
  repeatable: () => boolean;
  /** From the start. */
  open: () => Source;
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let from = 0; from < bytes.length; from += SLICE_BYTES) yield bytes.subarray(from, from + SLICE_BYTES);
}

async function* bytesOf(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    if (typeof chunk === 'string') yield Buffer.from(chunk);
    else if (chunk instanceof Uint8Array) yield chunk;
    else throw new TypeError('a stream of data must give Uint8Array or string');
  }
}

function sourceOf(chunks: Chunks): Source {
  const generator = bytesOf(chunks);
  const cancel = () => {
    // A generator that waits for a chunk only returns after it. A stream of Node can be told at once.
    const { destroy } = chunks as { destroy?: unknown };
    if (typeof destroy === 'function') destroy.call(chunks);
    generator.return().catch(() => undefined);
  };
  return { next: () => generator.next(), cancel };
}

function isChunks(value: unknown): value is Chunks {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

/** TypeError when it is nothing that can be written. */
export function uploadOf(data: Data): Upload {
  if (typeof data === 'string' || data instanceof Uint8Array) {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const open = () => {
      const generator = slices(bytes);
      return { next: () => generator.next(), cancel: () => undefined };
    };
    return { length: bytes.length, repeatable: () => true, open };
  }
  if (typeof data === 'function') return { length: undefined, repeatable: () => true, open: () => sourceOf(data()) };
  if (!isChunks(data))
    throw new TypeError('data must be a string, a Uint8Array, a stream or an iterable of them, or a function that gives one');
  let opened = false;
  const open = () => {
    opened = true;
    return sourceOf(data);
  };
  return { length: undefined, repeatable: () => !opened, open };
}
