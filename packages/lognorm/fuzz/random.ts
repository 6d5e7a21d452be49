/** Reproducible random numbers, and texts made with them. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0 || 1;
  }

  /** An integer from 0 to `limit` - 1 (xorshift). */
  below(limit: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state % limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** Fragments that parsers and the rulebase language react to. */
const FRAGMENTS = [
  '%', '%%', ':', '{', '}', '[', ']', '"', "'", '\\', ',', '=', ' ', '\n', '\t', '\0', '\r', '#', '-', '.', '..', '@t', '/',
  '\\x25', '\\x00', '\\u0000', '0x', '1', '9'.repeat(30), 'a', 'word', 'number', 'json', 'repeat', 'alternative', 'string', 'char-to',
  'rule=', 'type=@t:', 'prefix=', 'include=x', 'annotate=t:+a="b"', '%-:rest%', '%x:@t%', '"parser":', '"while":', '"type":', '"name":"__proto__"',
  '__proto__', 'constructor', '{"a":1}', '{"__proto__":{}}', 'CEF:0|a|b|c|d|e|f|', '@cee:', '10.0.0.1', '::1', 'Oct 29 09:47:08', '\u00fc', '\xff', 'null',
] as const; // prettier-ignore

/** Changes a byte string here and there: cuts, repeats, swaps and inserts. */
export function mutate(random: Random, text: string): string {
  let result = text;
  for (let changes = 1 + random.below(6); changes > 0; changes -= 1) {
    const at = random.below(result.length + 1);
    const kind = random.below(5);
    if (kind === 0) result = result.slice(0, at) + random.pick(FRAGMENTS) + result.slice(at);
    else if (kind === 1) result = result.slice(0, at) + result.slice(at + 1 + random.below(8));
    else if (kind === 2) result = result.slice(0, at) + result.slice(at, at + random.below(40)).repeat(2) + result.slice(at);
    else if (kind === 3) result = result.slice(0, at) + String.fromCharCode(random.below(256)) + result.slice(at + 1);
    else result = result.slice(0, at) + result.slice(random.below(result.length + 1)).slice(0, 60) + result.slice(at);
  }
  return result.slice(0, 20_000);
}

/** A line of random bytes, or of fragments. */
export function randomLine(random: Random): string {
  let line = '';
  const useFragments = random.below(3) > 0;
  for (let parts = random.below(24); parts > 0; parts -= 1) {
    line += useFragments ? random.pick(FRAGMENTS) : String.fromCharCode(random.below(256));
  }
  return line;
}
