/** Hashes of texts for counting distinct ones: not for security. */

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x21f0_aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a_2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** 53 bits of hash as a whole number: two multiplicative hashes over the UTF-16 units, each finalized. */
export function hash53(text: string): number {
  let a = 0x9e37_79b9 ^ text.length;
  let b = 0x85eb_ca77;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x0100_0193);
    b = Math.imul(b + unit, 0x01b3_8f2d) ^ (b >>> 13);
  }
  return mix(a) * 0x20_0000 + (mix(b ^ a) >>> 11);
}
