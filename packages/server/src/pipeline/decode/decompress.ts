import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { MeniscusError } from '../../errors.ts';

const gunzip = promisify(zlib.gunzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotli = promisify(zlib.brotliDecompress);
const zstd = promisify(zlib.zstdDecompress);

type Decompress = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

/** `deflate` is the zlib format (RFC 9110 section 8.4.1.2), but some clients send the bare one. */
const deflate: Decompress = async (body, options) => (((body[0] ?? 0) & 0x0f) === 8 ? inflate(body, options) : inflateRaw(body, options));

const CODINGS: Readonly<Record<string, Decompress>> = { gzip: gunzip, 'x-gzip': gunzip, deflate, br: brotli, zstd };

/** The body does not decompress: it is kept as a dead letter. */
export class UndecodableBody extends Error {}

function tooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

/**
 * Undoes the codings of a Content-Encoding (comma-separated, the last one first). Throws MeniscusError `body_too_large` when more than `bytesMax` come out (it
 * stops there) and `unsupported_media_type` for an unknown coding; UndecodableBody when the bytes are not what they claim.
 */
export async function decompress(body: Uint8Array, contentEncoding: string, bytesMax: number): Promise<Uint8Array> {
  for (const coding of contentEncoding.split(',').reverse()) {
    const name = coding.trim();
    if (name === '' || name === 'identity') continue;
    const undo = Object.hasOwn(CODINGS, name) ? CODINGS[name]! : undefined;
    if (undo === undefined)
      throw new MeniscusError('unsupported_media_type', `Content-Encoding ${name.slice(0, 40)}: use gzip, deflate, br or zstd`);
    try {
      body = await undo(body, { maxOutputLength: bytesMax });
    } catch (error) {
      if (tooLarge(error)) throw new MeniscusError('body_too_large', `more than ${bytesMax} bytes come out of it`);
      throw new UndecodableBody(`the body is not valid ${name}`, { cause: error });
    }
  }
  return body;
}
