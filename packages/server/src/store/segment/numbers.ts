import type { ByteReader, ByteWriter } from './bytes.ts';
import { DamagedError } from './chunk.ts';

/**
 * Runs of numbers: whole numbers (after multiplying by a power of ten, so that 12.5 is 125 of 0.1) as offsets from the lowest, or from the value
 * before, in as few bytes as the largest needs; everything else as doubles. The bytes of one significance lie together, which compresses better.
 */
const FORM = { constant: 0, whole: 1, delta: 2, double: 3 } as const;
/** Multipliers tried on fractions. A value is restored by one division, which is exact when it was so at writing. */
const SCALES = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
/** Units tried on whole numbers: times are often whole milliseconds or seconds. */
const UNITS = [1_000_000, 1_000];
const U32 = 4_294_967_296;
/** Beyond this, sums and doubled differences might not be exact: those numbers stay doubles. */
const EXACT = 2 ** 52;

/** Writes `count` numbers of `values`; `delta`: each as the difference from the one before. */
export function writeNumbers(out: ByteWriter, values: Float64Array, delta: boolean): void {
  const count = values.length;
  const first = values[0] ?? 0;
  if (isConstant(values)) {
    out.u8(FORM.constant);
    out.f64(first);
    return;
  }
  // Scaled by a power of ten up, or down in the case of differences.
  const factor = delta ? unitOf(values) : scaleOf(values);
  const scaled = factor === undefined || factor === 1 ? values : delta ? dividedBy(values, factor) : multipliedBy(values, factor);
  const range = extremes(scaled);
  if (factor === undefined || range.max > EXACT || range.min < -EXACT || range.max - range.min > EXACT / 2) {
    out.u8(FORM.double);
    shuffleDoubles(values, out.room(count * 8));
  } else if (delta) writeDeltas(out, scaled, factor);
  else writeOffsets(out, scaled, factor, range);
}

/** Reads `count` numbers. */
export function readNumbers(input: ByteReader, count: number): Float64Array {
  const out = new Float64Array(count);
  const form = input.u8();
  if (form === FORM.constant) return out.fill(input.f64());
  if (form === FORM.double) {
    unshuffleDoubles(input.get(count * 8), out);
    return out;
  }
  if (form !== FORM.whole && form !== FORM.delta) throw new DamagedError('numbers have an unknown form');
  const factor = input.f64();
  const base = input.f64();
  const width = input.u8();
  if (form === FORM.whole) {
    unshuffle(input.get(count * width), width, out);
    for (let i = 0; i < count; i++) out[i] = (base + out[i]!) / factor;
    return out;
  }
  unshuffle(input.get(count * width), width, out);
  let value = base;
  for (let i = 0; i < count; i++) {
    const zigzag = out[i]!;
    value += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    out[i] = value * factor;
  }
  return out;
}

function isConstant(values: Float64Array): boolean {
  const first = values[0];
  for (let i = 1; i < values.length; i++) if (values[i] !== first) return false;
  return true;
}

/** The largest unit that every value is a multiple of. */
function unitOf(values: Float64Array): number {
  for (const unit of UNITS) {
    let i = 0;
    while (i < values.length && values[i]! % unit === 0) i++;
    if (i === values.length) return unit;
  }
  return 1;
}

/** The smallest multiplier that makes every value whole and can be undone, or undefined. */
function scaleOf(values: Float64Array): number | undefined {
  for (const scale of SCALES) {
    let i = 0;
    for (; i < values.length; i++) {
      const whole = Math.round(values[i]! * scale);
      if (!Number.isSafeInteger(whole) || whole / scale !== values[i]) break;
    }
    if (i === values.length) return scale;
  }
  return undefined;
}

function multipliedBy(values: Float64Array, factor: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = Math.round(values[i]! * factor);
  return out;
}

function dividedBy(values: Float64Array, factor: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = values[i]! / factor;
  return out;
}

function widthOf(largest: number): number {
  if (largest < 0x100) return 1;
  if (largest < 0x1_0000) return 2;
  return largest < U32 ? 4 : 8;
}

function extremes(values: Float64Array): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

function writeOffsets(out: ByteWriter, values: Float64Array, factor: number, { min, max }: { min: number; max: number }): void {
  let offsets = values;
  if (min !== 0) {
    offsets = new Float64Array(values.length);
    for (let i = 0; i < values.length; i++) offsets[i] = values[i]! - min;
  }
  writeWhole(out, FORM.whole, factor, min, widthOf(max - min), offsets);
}

function writeDeltas(out: ByteWriter, values: Float64Array, unit: number): void {
  const zigzags = new Float64Array(values.length);
  for (let i = 1; i < values.length; i++) {
    const difference = values[i]! - values[i - 1]!;
    const zigzag = difference >= 0 ? difference * 2 : -difference * 2 - 1;
    zigzags[i] = zigzag;
  }
  writeWhole(out, FORM.delta, unit, values[0]!, widthOf(extremes(zigzags).max), zigzags);
}

function writeWhole(out: ByteWriter, form: number, factor: number, base: number, width: number, values: Float64Array): void {
  out.u8(form);
  out.f64(factor);
  out.f64(base);
  out.u8(width);
  shuffle(values, width, out.room(values.length * width));
}

/** Writes whole numbers byte by byte of significance: all lowest bytes, then the next ones. */
export function shuffle(values: ArrayLike<number>, width: number, out: Uint8Array): void {
  const count = values.length;
  if (width === 1) for (let i = 0; i < count; i++) out[i] = values[i]!;
  else if (width === 2) {
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      out[i] = value;
      out[count + i] = value >>> 8;
    }
  } else {
    for (let i = 0; i < count; i++) {
      const low = values[i]! >>> 0;
      out[i] = low;
      out[count + i] = low >>> 8;
      out[2 * count + i] = low >>> 16;
      out[3 * count + i] = low >>> 24;
    }
    if (width === 8) for (let i = 0; i < count; i++) putHigh(Math.floor(values[i]! / U32), count, i, out);
  }
}

function putHigh(high: number, count: number, i: number, out: Uint8Array): void {
  out[4 * count + i] = high;
  out[5 * count + i] = high >>> 8;
  out[6 * count + i] = high >>> 16;
  out[7 * count + i] = high >>> 24;
}

function unshuffle(bytes: Buffer, width: number, out: Float64Array): void {
  const count = out.length;
  if (width === 1) for (let i = 0; i < count; i++) out[i] = bytes[i]!;
  else if (width === 2) for (let i = 0; i < count; i++) out[i] = bytes[i]! | (bytes[count + i]! << 8);
  else if (width === 4 || width === 8) {
    for (let i = 0; i < count; i++) out[i] = lane32(bytes, count, i);
    if (width === 8) for (let i = 0; i < count; i++) out[i]! += lane32(bytes, count, 4 * count + i) * U32;
  } else throw new DamagedError('numbers have an unknown width');
}

function lane32(bytes: Buffer, count: number, at: number): number {
  return (bytes[at]! | (bytes[at + count]! << 8) | (bytes[at + 2 * count]! << 16) | (bytes[at + 3 * count]! << 24)) >>> 0;
}

/** Small indexes in one or two bytes each. */
export function readIndexes(bytes: Buffer, width: number, count: number): Uint16Array {
  const out = new Uint16Array(count);
  if (width === 1) out.set(bytes);
  else for (let i = 0; i < count; i++) out[i] = bytes[i]! | (bytes[count + i]! << 8);
  return out;
}

function shuffleDoubles(values: Float64Array, out: Uint8Array): void {
  const count = values.length;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let lane = 0; lane < 8; lane++) for (let i = 0; i < count; i++) out[lane * count + i] = bytes[i * 8 + lane]!;
}

function unshuffleDoubles(bytes: Buffer, values: Float64Array): void {
  const count = values.length;
  const out = new Uint8Array(values.buffer);
  for (let lane = 0; lane < 8; lane++) for (let i = 0; i < count; i++) out[i * 8 + lane] = bytes[lane * count + i]!;
}
