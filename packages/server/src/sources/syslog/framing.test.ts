import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MemoryIntake } from '../testing/memory-intake.ts';
import { acme, CREDENTIALS, RECEIVED } from './decode.testing.ts';
import { SyslogDecoder } from './decoder.ts';
import { FrameReader } from './framing.ts';
import { Zone } from './zone.ts';

interface Frame {
  text: string;
  length?: number;
  problem?: string;
}

/** The frames of a stream that comes in the chunks given. */
function frames(chunks: readonly (string | Buffer)[], max = 65_536): Frame[] {
  const found: Frame[] = [];
  const reader = new FrameReader(
    {
      frame(buffer, from, to, valid, length, problem) {
        const text = buffer.utf8Slice(from, to);
        if (valid) assert.ok(!text.includes('\ufffd'), 'called valid what is not');
        found.push({ text, ...(length > 0 ? { length } : {}), ...(problem === '' ? {} : { problem }) });
      },
    },
    max,
  );
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return found;
}

const texts = (chunks: readonly (string | Buffer)[]): string[] => frames(chunks).map(({ text }) => text);
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

suite('framing', () => {
  const cases: [name: string, stream: string, frames: string[]][] = [
    ['lines', '<1>a\n<2>b\n', ['<1>a', '<2>b']],
    ['CRLF', '<1>a\r\n<2>b\r\n', ['<1>a', '<2>b']],
    ['NUL', '<1>a\0<2>b\0', ['<1>a', '<2>b']],
    ['octet counting', counted('<1>a') + counted('<2>bc'), ['<1>a', '<2>bc']],
    ['octet counting with newlines inside', counted('<1>a\nb') + counted('<2>c'), ['<1>a\nb', '<2>c']],
    [
      'both on one connection',
      `${counted('<1>a')}<2>b\n${counted('<3>c')}${counted('<4>d')}<5>e\n`,
      ['<1>a', '<2>b', '<3>c', '<4>d', '<5>e'],
    ],
    ['a newline after a counted message', `${counted('<1>a')}\n${counted('<2>b')}\n`, ['<1>a', '', '<2>b', '']],
    [
      'lines that begin with digits',
      '12 monkeys\n10.0.0.1 x\n2026-11-24 y\n123: z\n007 <1>\n',
      ['12 monkeys', '10.0.0.1 x', '2026-11-24 y', '123: z', '007 <1>'],
    ],
    ['a count before a byte order mark', counted('\ufeff<1>a'), ['\ufeff<1>a']],
    ['counts that are none', '12345678901 <1>a\n', ['12345678901 <1>a']],
    ['empty lines and frames', '\n\n0 <1>a\n0 4 <2>b', ['', '', '', '<1>a', '', '<2>b']],
    ['a line that does not end', '<1>a\n<2>b', ['<1>a', '<2>b']],
    ['a count that does not end', '<1>a\n12', ['<1>a', '12']],
  ];
  for (const [name, stream, expected] of cases) test(name, () => assert.deepEqual(texts([stream]), expected));

  test('a counted message that does not end says so', () => {
    assert.deepEqual(frames(['20 <1>abc']), [{ text: '<1>abc', problem: 'the connection closed after 6 of 20 octets' }]);
  });

  test('a message that is too long is cut, and the next one is found', () => {
    const long = `<1>${'x'.repeat(500)}`;
    for (const size of [1, 7, 100, 1000]) {
      const stream = Buffer.from(`${long}\r\n<2>b\n${counted(long)}${counted('<3>c')}`);
      const chunks = [];
      for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
      assert.deepEqual(frames(chunks, 100), [
        { text: long.slice(0, 100), length: 503 },
        { text: '<2>b' },
        { text: long.slice(0, 100), length: 503 },
        { text: '<3>c' },
      ]);
    }
  });

  test('a message of just the longest length is whole', () => {
    const text = `<1>${'x'.repeat(97)}`;
    for (const chunks of [[`${text}\r\n`], [text, '\r\n'], [`${text}\r`, '\n'], [counted(text)]])
      assert.deepEqual(frames(chunks, 100), [{ text }]);
  });

  test('a cut does not split a character', () => {
    for (let shift = 0; shift < 4; shift++) {
      const text = 'x'.repeat(shift) + '日本語🎉'.repeat(50);
      for (const stream of [[`${text}\n`], [text, '\n'], [counted(`<1>${text}`)]]) {
        const [frame] = frames(stream, 100);
        assert.ok(!frame!.text.includes('\ufffd'));
        assert.ok(Buffer.byteLength(frame!.text) > 96);
      }
    }
  });

  test('a wrong count that ends within a character', () => {
    assert.deepEqual(texts(['4 <1>é\n<2>b\n']), ['<1>\ufffd'.slice(0, 3) + '\ufffd', '\ufffd', '<2>b']);
  });
});

const HEAD = '<13>1 2026-11-24T10:00:00Z host app 12 ID1';
const STREAM = [
  `${HEAD} ${CREDENTIALS} first\n`,
  counted(`${HEAD} ${CREDENTIALS} sec\nond`),
  '\n',
  `<13>Nov 24 10:00:00 host sshd[1]: ${CREDENTIALS} grüße 日本語🎉\r\n`,
  counted(`${HEAD} ${CREDENTIALS}[a x="1"] \ufeffümlaut`),
  counted(`${HEAD} ${CREDENTIALS}`),
  `${HEAD} ${CREDENTIALS} nul\0`,
  '0 ',
  `99 luftballons ${CREDENTIALS}\n`,
  `${HEAD} - nobody\n`,
  `${HEAD} ${CREDENTIALS} unfinished`,
].join('');

function events(chunks: readonly Buffer[]): unknown {
  const intake = new MemoryIntake(acme);
  const decoder = new SyslogDecoder(intake, new Zone());
  const reader = new FrameReader(decoder, 65_536);
  for (const chunk of chunks) {
    decoder.begin(chunk, '::1', RECEIVED);
    reader.push(chunk);
  }
  decoder.begin(Buffer.alloc(0), '::1', RECEIVED);
  reader.end();
  const { events, bytes, emptyFrames, parseErrors } = intake.counters;
  return { rows: intake.rows, refusals: intake.refusals.map(({ raw }) => raw.toString()), events, bytes, emptyFrames, parseErrors };
}

suite('wherever the stream is cut, the events are the same', () => {
  const stream = Buffer.from(STREAM);
  const whole = events([stream]) as { rows: unknown[]; events: number };

  test('as one chunk it has what was sent', () => {
    assert.equal(whole.events, 8);
    assert.deepEqual(
      (whole.rows as { msg?: string }[]).map(({ msg }) => msg),
      ['first', 'sec\nond', 'grüße 日本語🎉', 'ümlaut', undefined, 'nul', '99 luftballons ', 'unfinished'],
    );
  });

  test('in two chunks, at every byte', () => {
    for (let at = 1; at < stream.length; at++)
      assert.deepEqual(events([stream.subarray(0, at), stream.subarray(at)]), whole, `cut at ${at}`);
  });

  test('byte by byte, and in chunks of every small size', () => {
    for (let size = 1; size < 40; size++) {
      const chunks = [];
      for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
      assert.deepEqual(events(chunks), whole, `chunks of ${size}`);
    }
  });
});

suite('any bytes', () => {
  /** Small and deterministic (mulberry32). */
  function random(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
    };
  }
  const pieces = [
    '<13>',
    '<13>1 ',
    '1 ',
    ' - ',
    '[',
    ']',
    '"',
    '\\',
    '=',
    '[meniscus',
    CREDENTIALS,
    '[a x="',
    'Nov 24 10:00:00 ',
    '2026-11-24T10:00:00Z ',
    '\n',
    '\0',
    '\r\n',
    '12 <1>',
    '\ufeff',
    'é',
    ': ',
    '%SYS-5-X: ',
    '99999 ',
  ];

  /** Noise, and noise made of what parsers look for. */
  function noise(next: (below: number) => number): Buffer {
    const parts: Buffer[] = [];
    for (let i = next(60); i >= 0; i--)
      parts.push(next(3) === 0 ? Buffer.from([next(256), next(256)]) : Buffer.from(pieces[next(pieces.length)]!));
    return Buffer.concat(parts);
  }

  test('never break the decoder, give the same events however they are cut, and never show a token', () => {
    const next = random(20_261_124);
    for (let round = 0; round < 400; round++) {
      const stream = noise(next);
      const whole = events([stream]);
      const at = next(stream.length + 1);
      assert.deepEqual(events([stream.subarray(0, at), stream.subarray(at)]), whole, JSON.stringify(stream.toString('latin1')));
      const { rows, refusals } = whole as { rows: unknown; refusals: string[] };
      const text = JSON.stringify([rows, refusals]);
      assert.ok(!text.includes('0ebcdb6a-fa82'), text);
    }
  });
});
