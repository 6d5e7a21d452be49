/** Lines on their way, whole, with where they began. */
export interface Batch {
  readonly bytes: Buffer;
  /** The number of the first line, from 1. */
  readonly firstLine: number;
  /** Lines with something in them: blank ones are no events. */
  readonly events: number;
}

/** A batch is sent at so many bytes, or so long after its first byte. */
const BATCH_BYTES = 1 << 20;
const BATCH_AGE_MS = 200;
/** The service takes no larger body, and no event of this size anyway. */
const LINE_MAX = 32 << 20;

const LF = 0x0a;

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}

/** The offsets of the lines of a batch that are events, in order. */
export function eventLines(batch: Pick<Batch, 'bytes' | 'firstLine'>): number[] {
  const { bytes, firstLine } = batch;
  const numbers: number[] = [];
  for (let start = 0, line = firstLine; start < bytes.length; line++) {
    const found = bytes.indexOf(LF, start);
    const end = found < 0 ? bytes.length : found;
    if (!isBlank(bytes, start, end)) numbers.push(line);
    start = end + 1;
  }
  return numbers;
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let i = bytes.indexOf(LF); i >= 0; i = bytes.indexOf(LF, i + 1)) lines++;
  return lines;
}

/** Collects bytes and cuts them at line ends. */
class Cutter {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private line = 1;
  /** When the oldest byte came. */
  since: number | undefined;

  add(chunk: Buffer): void {
    this.since ??= Date.now();
    this.chunks.push(chunk);
    this.size += chunk.length;
  }

  get isFull(): boolean {
    return this.size >= BATCH_BYTES;
  }

  /** The whole lines so far; everything at the end. Undefined when there is none. */
  cut(atEnd: boolean): Batch | undefined {
    const all = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    const end = atEnd ? all.length : all.lastIndexOf(LF) + 1;
    this.chunks.length = 0;
    if (end < all.length) this.chunks.push(all.subarray(end));
    this.size = all.length - end;
    this.since = undefined;
    if (this.size > LINE_MAX) throw new Error(`line ${this.line} is longer than ${LINE_MAX} bytes`);
    if (end === 0) return undefined;
    const bytes = all.subarray(0, end);
    const batch = { bytes, firstLine: this.line, events: eventLines({ bytes, firstLine: 1 }).length };
    this.line += linesIn(bytes);
    return batch.events === 0 ? undefined : batch;
  }
}

type Next = IteratorResult<string | Buffer> | 'late';

/** Waits for the next chunk, or until the batch is old enough; the chunk stays awaited. */
async function nextOrLate(pending: Promise<IteratorResult<string | Buffer>>, since: number | undefined): Promise<Next> {
  if (since === undefined) return pending;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), Math.max(0, since + BATCH_AGE_MS - Date.now()));
  });
  try {
    return await Promise.race([pending, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A stream as batches of whole lines: large ones where much comes, soon ones where it trickles (`tail -f log | meniscus send`). Nothing is read
 * while a batch is being sent, but for one chunk.
 */
export async function* batches(stream: AsyncIterable<string | Buffer>): AsyncGenerator<Batch> {
  const cutter = new Cutter();
  const chunks = stream[Symbol.asyncIterator]();
  let pending = chunks.next();
  for (;;) {
    const next = await nextOrLate(pending, cutter.since);
    const ended = next !== 'late' && next.done === true;
    if (next !== 'late' && next.done !== true) {
      cutter.add(typeof next.value === 'string' ? Buffer.from(next.value) : next.value);
      pending = chunks.next();
      if (!cutter.isFull) continue;
    }
    const batch = cutter.cut(ended);
    if (batch !== undefined) yield batch;
    if (ended) return;
  }
}
