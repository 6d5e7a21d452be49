/**
 * CPU-seconds per million messages of framing, parsing and filling the batch, in one thread, without sockets: `node syslog-parse.ts [messages] [format]`,
 * format 5424 (default), 3164 or counted. Texts are the loghub samples in LOGHUB_DIR (a folder of *.log), else made up.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SyslogDecoder } from '../src/sources/syslog/decoder.ts';
import { FrameReader } from '../src/sources/syslog/framing.ts';
import { Zone } from '../src/sources/syslog/zone.ts';
import { MemoryIntake, testTenant } from '../src/sources/testing/memory-intake.ts';

const messages = Number(process.argv[2] ?? 1_000_000);
const format = process.argv[3] ?? '5424';
const CHUNK = 64 << 10;
const TENANTS = 10;
const token = (tenant: number): string => `0ebcdb6a-fa82-4241-a806-0e936c01d80${tenant}`;

let seed = 12_345;
function random(below: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}

function texts(): [string, string][] {
  try {
    const dir = process.env['LOGHUB_DIR'] ?? join(import.meta.dirname, '../../../../shared/data/loghub');
    return readdirSync(dir).flatMap((file) => {
      const lines = readFileSync(join(dir, file), 'utf8').split(/\r?\n/).filter(Boolean);
      return lines.map((line): [string, string] => [file.replace('.log', ''), line]);
    });
  } catch {
    return Array.from({ length: 2000 }, (_, i) => [
      `app${i % 12}`,
      `request ${i} from 10.0.${i % 256}.7 took ${i % 900} ms and was answered ${'ok '.repeat(i % 30)}`,
    ]);
  }
}

/** One megabyte or so of messages, sent again and again. */
function corpus(): Buffer {
  const lines = texts();
  const start = Date.UTC(2026, 10, 21);
  let text = '';
  for (let i = 0; text.length < 8 << 20; i++) {
    const [app, line] = lines[random(lines.length)]!;
    const tenant = Math.floor((random(1000) * random(1000) * TENANTS) / 1e6);
    const time = new Date(start + i * 864).toISOString();
    const host = `web-${random(50)}.dc${random(3)}.example.com`;
    const credentials = `[meniscus tenant="tenant${tenant}" token="${token(tenant)}"]`;
    const message =
      format === '3164'
        ? `<${random(192)}>Nov 21 ${time.slice(11, 19)} ${host} ${app}[${random(32_768)}]: ${credentials} ${line}`
        : `<${random(192)}>1 ${time} ${host} ${app} ${random(32_768)} - ${credentials} ${line}`;
    text += format === 'counted' ? `${Buffer.byteLength(message)} ${message}` : `${message}\n`;
  }
  return Buffer.from(text);
}

const intake = new MemoryIntake(...Array.from({ length: TENANTS }, (_, i) => testTenant(i + 1, `tenant${i}`, token(i))));
const decoder = new SyslogDecoder(intake, new Zone());
const frames = new FrameReader(decoder, 65_536);
intake.discard = true;
const bytes = corpus();
let at = 0;
const run = (count: number): void => {
  const until = intake.counters.events + count;
  for (; intake.counters.events < until; at = at + CHUNK >= bytes.length ? 0 : at + CHUNK) {
    const chunk = bytes.subarray(at, Math.min(bytes.length, at + CHUNK));
    decoder.begin(chunk, '127.0.0.1', Date.now() * 1000);
    frames.push(chunk);
  }
};
run(messages / 10);
const before = process.cpuUsage();
const counted = intake.counters.events;
run(messages);
const used = process.cpuUsage(before);
const done = intake.counters.events - counted;
const seconds = (used.user + used.system) / done;
const size = intake.counters.bytes / intake.counters.events;
process.stdout.write(
  `${done} messages of ${size.toFixed(0)} bytes: ${seconds.toFixed(2)} CPU-s per million (parse errors ${intake.counters.parseErrors}, refused ${intake.refusals.length})\n`,
);
