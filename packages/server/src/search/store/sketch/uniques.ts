/** Up to so many distinct values the count is exact (but for hash collisions: one in ten thousand million searches). */
export const UNIQUES_EXACT = 4_096;
/** Registers: a standard error of 1.04 / sqrt(2^14) = 0.81 %. */
const BITS = 14;
const REGISTERS = 1 << BITS;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

/**
 * Counts distinct values from their 53-bit hashes: a set while they are few, then a HyperLogLog. Above UNIQUES_EXACT the standard error is
 * 0.81 %: 95 % of answers are within 1.6 %, 99.7 % within 2.5 %.
 */
export class Uniques {
  private exact: Set<number> | undefined = new Set();
  private registers: Uint8Array | undefined;

  /** True once the count is an estimate. */
  get approximate(): boolean {
    return this.exact === undefined;
  }

  /** Memory in bytes, about. */
  get bytes(): number {
    return this.exact === undefined ? REGISTERS : 40 * this.exact.size;
  }

  add(hash: number): void {
    if (this.exact === undefined) this.raise(hash);
    else {
      this.exact.add(hash);
      if (this.exact.size > UNIQUES_EXACT) this.spill();
    }
  }

  merge(other: Uniques): void {
    if (other.exact !== undefined) for (const hash of other.exact) this.add(hash);
    else {
      if (this.exact !== undefined) this.spill();
      const mine = this.registers!;
      const theirs = other.registers!;
      for (let i = 0; i < REGISTERS; i++) if (theirs[i]! > mine[i]!) mine[i] = theirs[i]!;
    }
  }

  count(): number {
    if (this.exact !== undefined) return this.exact.size;
    let sum = 0;
    let zeros = 0;
    for (const rank of this.registers!) {
      sum += 2 ** -rank;
      if (rank === 0) zeros++;
    }
    const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
    // Few values: counting the empty registers is the better estimate (linear counting).
    return Math.round(raw <= 2.5 * REGISTERS && zeros > 0 ? REGISTERS * Math.log(REGISTERS / zeros) : raw);
  }

  private spill(): void {
    const hashes = this.exact!;
    this.exact = undefined;
    this.registers = new Uint8Array(REGISTERS);
    for (const hash of hashes) this.raise(hash);
  }

  /** The low 14 bits choose the register, the first one-bit of the other 39 is its rank. */
  private raise(hash: number): void {
    const register = hash % REGISTERS;
    const rest = Math.floor(hash / REGISTERS);
    const high = Math.floor(rest / 0x1_0000_0000);
    // 39 bits: 7 high, 32 low.
    const rank = high !== 0 ? Math.clz32(high) - 25 + 1 : Math.clz32(rest >>> 0) + 7 + 1;
    if (rank > this.registers![register]!) this.registers![register] = rank;
  }
}
