import { pipeline, type Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { createGunzip, createZstdDecompress } from 'node:zlib';

function plain(name: string, bytes: Readable): Readable {
  if (name.endsWith('.ndjson')) return bytes;
  const decompress = name.endsWith('.gz') ? createGunzip() : createZstdDecompress();
  // A failure of either ends both; who reads sees it.
  return pipeline(bytes, decompress, () => {}) as unknown as Readable;
}

/** Whether a file that some sink wrote holds one of these events. Its content is read as far as that takes. */
export async function holdsAny(name: string, bytes: Readable, ids: ReadonlySet<string>): Promise<boolean> {
  const content = plain(name, bytes);
  try {
    for await (const line of createInterface({ input: content, crlfDelay: Infinity })) if (ids.has(idOf(line))) return true;
    return false;
  } finally {
    content.destroy();
    bytes.destroy();
  }
}

function idOf(line: string): string {
  try {
    return String((JSON.parse(line) as { readonly meniscus?: { readonly id?: unknown } }).meniscus?.id);
  } catch {
    return '';
  }
}
