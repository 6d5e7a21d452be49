/** Every quantile is within 1 % of a value that stands at that rank. */
export const QUANTILE_ERROR = 0.01;
const GAMMA = (1 + QUANTILE_ERROR) / (1 - QUANTILE_ERROR);
const INVERSE_LOG = 1 / Math.log(GAMMA);
/** More buckets than any data from 1e-9 to 1e18 needs (3,100); above it the smallest magnitudes share one bucket. */
const BUCKETS_MAX = 4_096;
/** Magnitudes below count as zero. */
const SMALLEST = 1e-300;

function bucketOf(magnitude: number): number {
  return Math.ceil(Math.log(magnitude) * INVERSE_LOG);
}

/** The value in the middle of a bucket, at most 1 % away from all in it. */
function valueOf(bucket: number): number {
  return (2 * GAMMA ** bucket) / (GAMMA + 1);
}

/**
 * Quantiles of numbers in one pass and little memory: counts in buckets whose bounds grow by a constant factor, so that a quantile's relative
 * error is at most QUANTILE_ERROR whatever the distribution. Sketches can be merged without loss. Infinities count as the largest finite number.
 */
export class Quantiles {
  count = 0;
  private min = Infinity;
  private max = -Infinity;
  private zeros = 0;
  private readonly positive = new Map<number, number>();
  private readonly negative = new Map<number, number>();

  /** Memory in bytes, about. */
  get bytes(): number {
    return 100 + 40 * (this.positive.size + this.negative.size);
  }

  add(value: number, times = 1): void {
    if (Number.isNaN(value)) return;
    this.count += times;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    const magnitude = Math.min(Math.abs(value), Number.MAX_VALUE);
    if (magnitude < SMALLEST) this.zeros += times;
    else {
      const side = value > 0 ? this.positive : this.negative;
      const bucket = bucketOf(magnitude);
      side.set(bucket, (side.get(bucket) ?? 0) + times);
      if (side.size > BUCKETS_MAX) collapse(side);
    }
  }

  merge(other: Quantiles): void {
    this.count += other.count;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.zeros += other.zeros;
    mergeSide(this.positive, other.positive);
    mergeSide(this.negative, other.negative);
  }

  /** The value at the nearest rank of `q` (0 to 1) of those added, null when there are none; never beyond the least and greatest. */
  quantile(q: number): number | null {
    return this.count === 0 ? null : Math.min(Math.max(this.at(Math.max(0, Math.ceil(q * this.count) - 1)), this.min), this.max);
  }

  private at(rank: number): number {
    let rest = rank;
    for (const [bucket, count] of [...this.negative].sort((a, b) => b[0] - a[0])) {
      if (rest < count) return -valueOf(bucket);
      rest -= count;
    }
    if (rest < this.zeros) return 0;
    rest -= this.zeros;
    for (const [bucket, count] of [...this.positive].sort((a, b) => a[0] - b[0])) {
      if (rest < count) return valueOf(bucket);
      rest -= count;
    }
    return this.max;
  }
}

function mergeSide(into: Map<number, number>, from: ReadonlyMap<number, number>): void {
  for (const [bucket, count] of from) into.set(bucket, (into.get(bucket) ?? 0) + count);
  if (into.size > BUCKETS_MAX) collapse(into);
}

/** Joins the buckets of the smallest quarter of magnitudes. */
function collapse(side: Map<number, number>): void {
  const buckets = [...side.keys()].sort((a, b) => a - b);
  const into = buckets[buckets.length >> 2]!;
  for (const bucket of buckets.slice(0, buckets.length >> 2)) {
    side.set(into, side.get(into)! + side.get(bucket)!);
    side.delete(bucket);
  }
}
