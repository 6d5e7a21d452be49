/** Ranges kept: beyond, those that were added to least recently are forgotten. */
const RANGES_MAX = 10_000;

interface Range {
  from: number;
  to: number;
  /** Of the batch that added to it last. */
  batch: number;
}

/**
 * Which places of the queue have been written, exactly: as ranges without gaps, since events of a sink lie close together. It remembers what may come again after a crash, and far more, and forgets the oldest.
 */
export class WrittenPlaces {
  /** In order, apart from each other. */
  private ranges: Range[] = [];
  private batch = 0;
  private readonly max: number;

  constructor(ranges: readonly (readonly [from: number, to: number])[] = [], max = RANGES_MAX) {
    this.max = max;
    for (const [from, to] of ranges) this.ranges.push({ from, to, batch: this.batch++ });
    this.ranges.sort((a, b) => a.from - b.from);
  }

  has(place: number): boolean {
    const range = this.ranges[this.after(place) - 1];
    return range !== undefined && place <= range.to;
  }

  /** The same and these places too. This one stays as it is. */
  with(places: readonly number[]): WrittenPlaces {
    const next = new WrittenPlaces([], this.max);
    next.batch = this.batch + 1;
    next.ranges = merged(this.ranges, runs(places, this.batch));
    next.forget();
    return next;
  }

  /** The least recent first, as the constructor takes them. */
  toJSON(): [from: number, to: number][] {
    return [...this.ranges].sort((a, b) => a.batch - b.batch).map(({ from, to }) => [from, to]);
  }

  /** Index of the first range that begins after a place. */
  private after(place: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ranges[middle]!.from <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private forget(): void {
    if (this.ranges.length <= this.max) return;
    const batches = this.ranges.map(({ batch }) => batch).sort((a, b) => b - a);
    const oldest = batches[this.max - 1]!;
    // Those of one batch stay or go together, but the newest batch always stays.
    this.ranges = this.ranges.filter(({ batch }) => batch > oldest || batch === batches[0]);
  }
}

function runs(places: readonly number[], batch: number): Range[] {
  const found: Range[] = [];
  for (const place of [...places].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && place <= last.to + 1) last.to = Math.max(last.to, place);
    else found.push({ from: place, to: place, batch });
  }
  return found;
}

/** Two lists in order as one, in which ranges that touch are one. */
function merged(one: readonly Range[], other: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (let i = 0, k = 0; i < one.length || k < other.length;) {
    const next = k >= other.length || (i < one.length && one[i]!.from <= other[k]!.from) ? one[i++]! : other[k++]!;
    const last = result.at(-1);
    if (last === undefined || next.from > last.to + 1) result.push({ ...next });
    else {
      last.to = Math.max(last.to, next.to);
      last.batch = Math.max(last.batch, next.batch);
    }
  }
  return result;
}
