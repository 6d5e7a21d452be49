/**
 * Throws random lines at rulebases and mutated rulebases at the loader. Nothing may throw, hang, or print anything but a JSON object, and the
 * generated code must agree with the interpreter to the byte.
 *
 * Usage: node fuzz/fuzz.ts [seed] [lines] [rulebases]
 */
import { ByteSink } from '../src/encode/sink.ts';
import { loadRulebaseSync } from '../src/load.ts';
import type { Rulebase } from '../src/rulebase.ts';
import { mutate, Random, randomLine } from './random.ts';
import { seeds } from './seeds.ts';

const [seed = '1', lineCount = '1000000', rulebaseCount = '20000'] = process.argv.slice(2);
/** No line may take longer, in milliseconds, on a busy machine. */
const SLOWEST_ALLOWED_MS = 5000;
/** Every so many lines the JSON is parsed, and `normalize` is held against it. */
const PARSE_EVERY = 32;

const random = new Random(Number(seed));
const sink = new ByteSink();
let slowest = 0;

class Finding extends Error {}

function jsonOf(rulebase: Rulebase, line: Uint8Array): string {
  sink.clear();
  rulebase.appendJson(line, 0, line.length, sink);
  return Buffer.from(sink.view()).toString('latin1');
}

/** One line through one rulebase, with all checks. */
function check(rulebase: Rulebase, reference: Rulebase | undefined, text: string, deep: boolean): void {
  const line = Buffer.from(text, 'latin1');
  const started = performance.now();
  const json = jsonOf(rulebase, line);
  const took = performance.now() - started;
  slowest = Math.max(slowest, took);
  if (took > SLOWEST_ALLOWED_MS) throw new Finding(`a line took ${took.toFixed(0)} ms`);
  if (!json.startsWith('{ ') || !json.endsWith('}')) throw new Finding(`not an object: ${json}`);
  if (reference !== undefined && jsonOf(reference, line) !== json) throw new Finding(`compiled and interpreted differ: ${json}`);
  if (!deep) return;
  rulebase.normalize(line);
  rulebase.explain(line).toString();
  // The dialect passes these words through, which JSON does not know.
  if (!/NaN|Infinity|\d\.[^\d]|\.\d|\de/i.test(json)) JSON.parse(Buffer.from(json, 'latin1').toString('utf8'));
}

function report(error: unknown, rulebase: string, line: string): never {
  console.error(`seed ${seed}\nrulebase ${JSON.stringify(rulebase)}\nline ${JSON.stringify(line)}`);
  throw error;
}

function load(text: string, codeGeneration: boolean): Rulebase {
  return loadRulebaseSync({ text: Buffer.from(text, 'latin1') }, { codeGeneration, readFile: () => undefined });
}

function fuzzLines(count: number): void {
  const loaded = seeds().map((item) => ({ ...item, compiled: load(item.rulebase, true) }));
  for (let i = 0; i < count; i += 1) {
    const item = random.pick(loaded);
    const line = item.lines.length > 0 && random.below(2) === 0 ? mutate(random, random.pick(item.lines)) : randomLine(random);
    try {
      check(item.compiled, undefined, line, i % PARSE_EVERY === 0);
    } catch (error) {
      report(error, item.name, line);
    }
  }
}

function fuzzRulebases(count: number): number {
  const all = seeds();
  let loads = 0;
  for (let i = 0; i < count; i += 1) {
    const item = random.pick(all);
    const text = mutate(random, item.rulebase);
    let line = '';
    try {
      const compiled = loadOrSkip(text);
      if (compiled === undefined) continue;
      loads += 1;
      const reference = load(text, false);
      for (let n = 0; n < 4; n += 1) {
        line = item.lines.length > 0 && random.below(2) === 0 ? mutate(random, random.pick(item.lines)) : randomLine(random);
        check(compiled, reference, line, n === 0);
      }
    } catch (error) {
      report(error, text, line);
    }
  }
  return loads;
}

/** A rulebase whose include fails does not load, by design. */
function loadOrSkip(text: string): Rulebase | undefined {
  try {
    return load(text, true);
  } catch (error) {
    if (error instanceof Error && error.name === 'RulebaseLoadError') return undefined;
    throw error;
  }
}

const started = performance.now();
fuzzLines(Number(lineCount));
console.log(`${lineCount} lines: nothing found, slowest ${slowest.toFixed(1)} ms`);
slowest = 0;
const loads = fuzzRulebases(Number(rulebaseCount));
console.log(`${rulebaseCount} mutated rulebases (${loads} loaded): nothing found, slowest line ${slowest.toFixed(1)} ms`);
console.log(`seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
