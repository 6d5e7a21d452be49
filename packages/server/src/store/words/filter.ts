import type { WordSet } from './words.ts';

/** Bits of the filter for each distinct word: about one false "maybe" in a hundred. */
const BITS_PER_WORD = 10;
const LANES = 8;
/** One odd factor for each of the eight 32-bit lanes of a filter's block, as in the split-block filters of Parquet. */
const SALT = Int32Array.of(0x47b6137b, 0x44974d91, 0x8824ad5b | 0, 0xa2b7289d | 0, 0x705495c7, 0x2df1424b, 0x9efc4947 | 0, 0x5c6bfb31);

/** Which 256-bit block a hash is in. The bits within it come from other products, so that both are independent enough. */
function blockOf(hash: number, blocks: number): number {
  return Math.floor(((Math.imul(hash, 0x85ebca6b) >>> 0) * blocks) / 4_294_967_296);
}

/** The split-block Bloom filter of a set of words; little-endian 32-bit lanes. Empty when there are no words. */
export function buildFilter(words: WordSet): Int32Array {
  const blocks = Math.ceil((words.size * BITS_PER_WORD) / 256);
  const filter = new Int32Array(blocks * LANES);
  const hashes = words.hashes;
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i]!;
    if (hash === 0) continue;
    const at = blockOf(hash, blocks) * LANES;
    for (let lane = 0; lane < LANES; lane++) filter[at + lane]! |= 1 << (Math.imul(hash, SALT[lane]!) >>> 27);
  }
  return filter;
}

/** False when the word of this hash is surely not in the set. */
export function filterHas(filter: Int32Array, hash: number): boolean {
  if (filter.length === 0) return false;
  const at = blockOf(hash, filter.length / LANES) * LANES;
  for (let lane = 0; lane < LANES; lane++) if ((filter[at + lane]! & (1 << (Math.imul(hash, SALT[lane]!) >>> 27))) === 0) return false;
  return true;
}
