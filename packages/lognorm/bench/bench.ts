/**
 * Measures lines per second on one core, JSON output included: this package's command beside the native one, on the same file in the same run,
 * alternating. Writes BENCHMARKS.md.
 *
 * Usage: node bench/bench.ts [lines] [rounds]
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linesOf, PAIRINGS } from './loghub.ts';
import type { Pairing } from './loghub.ts';
import { findNative } from './native.ts';

const [lineCount = '500000', roundCount = '5'] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
const command = `${root}bin/lognormalizer.mjs`;
const directory = mkdtempSync(join(tmpdir(), 'lognorm-bench-'));

interface Row {
  pairing: Pairing;
  source: string;
  bytes: number;
  ours: number;
  native: number | undefined;
  parsed: number;
  equal: boolean | undefined;
}

/** Seconds of wall time of a command, output discarded; pinned to one core where taskset exists. */
function time(argv: readonly string[], input: string): number {
  const stdin = openSync(input, 'r');
  const pinned = hasTaskset ? ['taskset', '-c', '0', ...argv] : argv;
  const started = performance.now();
  const run = spawnSync(pinned[0]!, pinned.slice(1), { stdio: [stdin, 'ignore', 'ignore'] });
  const seconds = (performance.now() - started) / 1000;
  closeSync(stdin);
  if (run.status !== 0) throw new Error(`${argv.join(' ')} ended with ${String(run.status)}: ${String(run.error ?? '')}`);
  return seconds;
}

const hasTaskset = spawnSync('taskset', ['-V'], { stdio: 'ignore' }).status === 0;

/** The best run: what else the machine does can only make one slower. */
function best(values: readonly number[]): number {
  return Math.min(...values);
}

/** The events of the first lines, for a comparison of the two. */
function output(argv: readonly string[], text: string): string {
  return spawnSync(argv[0]!, argv.slice(1), { input: text, encoding: 'latin1', maxBuffer: 2 ** 28 }).stdout;
}

function measure(pairing: Pairing, native: string | undefined): Row {
  const { lines, source } = linesOf(pairing.log);
  const repeats = Math.ceil(Number(lineCount) / lines.length);
  const sample = `${lines.join('\n')}\n`;
  const input = join(directory, 'input');
  writeFileSync(input, Buffer.from(sample, 'latin1'));
  const rules = ['-r', `${root}rulebases/${pairing.rulebase}.rb`];
  const ours = [process.execPath, command, ...rules];
  const theirs = native === undefined ? undefined : [native, ...rules];
  const events = output(ours, sample);
  const parsed = events.split('\n').filter((event) => event !== '' && !event.includes('"unparsed-data": ')).length;
  const equal = theirs === undefined ? undefined : output(theirs, sample) === events;
  writeFileSync(input, Buffer.concat(Array<Buffer>(repeats).fill(readFileSync(input))));
  const times: { ours: number[]; native: number[] } = { ours: [], native: [] };
  for (let round = 0; round < Number(roundCount); round += 1) {
    times.ours.push(time(ours, input));
    if (theirs !== undefined) times.native.push(time(theirs, input));
  }
  const count = repeats * lines.length;
  return {
    pairing,
    source,
    bytes: sample.length / lines.length,
    ours: count / best(times.ours),
    native: theirs === undefined ? undefined : count / best(times.native),
    parsed: parsed / lines.length,
    equal,
  };
}

function thousands(value: number | undefined): string {
  return value === undefined ? '-' : Math.round(value).toLocaleString('en-US');
}

function tableOf(rows: readonly Row[]): string {
  const head =
    '| rulebase | log | bytes/line | parsed | this package, lines/s | native, lines/s | ratio | same JSON |\n|---|---|--:|--:|--:|--:|--:|---|';
  const body = rows.map((row) => {
    const ratio = row.native === undefined ? '-' : `${(row.ours / row.native).toFixed(2)}x`;
    const same = row.equal === undefined ? '-' : row.equal ? 'yes' : 'no';
    const log = row.source === 'generated' && !row.pairing.log.includes('generated') ? `${row.pairing.log} (generated)` : row.pairing.log;
    const percent = `${(row.parsed * 100).toFixed(1)} %`;
    return `| ${row.pairing.rulebase} | ${log} | ${row.bytes.toFixed(0)} | ${percent} | ${thousands(row.ours)} | ${thousands(row.native)} | ${ratio} | ${same} |`;
  });
  return [head, ...body].join('\n');
}

const native = findNative();
const rows = PAIRINGS.map((pairing) => {
  const row = measure(pairing, 'path' in native ? native.path : undefined);
  console.log(`${pairing.rulebase}: ${thousands(row.ours)} lines/s, native ${thousands(row.native)}`);
  return row;
});
rmSync(directory, { recursive: true });

const text = `# Benchmarks

Written by \`npm run bench -w packages/lognorm\`; run it again rather than believe it.

Whole commands, process start and rulebase loading included: \`lognormalizer -r RULEBASE < LOG > /dev/null\`, one core${hasTaskset ? ' (taskset)' : ''}, about
${thousands(Number(lineCount))} lines per run, best wall time of ${roundCount} runs, the two commands alternating.

- Node ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}
- native: ${'path' in native ? `liblognorm ${native.version}` : native.reason}

${tableOf(rows)}

"Same JSON" compares the complete output for the log, byte for byte. Logs are the loghub samples, repeated, unless marked as generated, or as the
samples of the tests. Where the rulebase has optional parts, native ends them at the wrong place and parses less.
`;
writeFileSync(`${root}BENCHMARKS.md`, text);
console.log(tableOf(rows));
