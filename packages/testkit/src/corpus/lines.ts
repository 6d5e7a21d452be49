import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../meniscus/process.ts';
import { pick, random } from './random.ts';

export interface CorpusLine {
  readonly program: string;
  readonly text: string;
}

const LOGHUB = path.join(repository, '../shared/data/loghub');

/** Real lines of twelve systems (github.com/logpai/loghub) when a copy lies beside the repository, else lines made here. `real` says which. */
export function corpusLines(): { readonly real: boolean; readonly lines: readonly CorpusLine[] } {
  if (!existsSync(LOGHUB)) return { real: false, lines: madeLines() };
  const lines = readdirSync(LOGHUB)
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) =>
      readFileSync(path.join(LOGHUB, file), 'utf8')
        .split(/\r?\n/)
        .filter(Boolean)
        .map((text) => ({ program: file.replace('.log', ''), text })),
    );
  return { real: true, lines };
}

const TEMPLATES: readonly [string, string][] = [
  ['sshd', 'Failed password for invalid user {user} from {ip} port {port} ssh2'],
  ['sshd', 'Accepted publickey for {user} from {ip} port {port} ssh2: RSA SHA256:{hex}'],
  ['nginx', '{ip} - {user} "GET /api/v1/items/{number} HTTP/1.1" {status} {number} "-" "curl/8.5.0" took {number} ms'],
  ['kernel', 'eth0: link up, {number} Mbps, full duplex, queue {number} of {number}'],
  ['postgres', "LOG: duration: {number}.{number} ms statement: SELECT * FROM orders WHERE id = {number} AND state = '{word}'"],
  ['app', 'INFO com.example.{word}.Service - Received block blk_{number} of size {number} from /{ip}'],
  ['app', 'ERROR com.example.{word}.Client - timeout after {number}ms while calling {word}, attempt {number}'],
  ['cron', '({user}) CMD (/usr/local/bin/{word} --id {number} --quiet)'],
];
const WORDS = [
  'alpha',
  'orders',
  'billing',
  'cache',
  'scheduler',
  'session',
  'gateway',
  'replica',
  'tenant',
  'invoice',
  'mailer',
  'indexer',
];

function madeLines(): CorpusLine[] {
  const next = random(99);
  const number = (max: number): string => String(Math.floor(next() * max));
  const slots: Record<string, () => string> = {
    user: () => pick(['root', 'admin', 'alice', 'bob', 'deploy', 'www-data'], next),
    ip: () => `10.${number(256)}.${number(256)}.${number(256)}`,
    port: () => number(65_536),
    number: () => number(100_000),
    status: () => pick(['200', '200', '200', '304', '404', '500'], next),
    hex: () => Math.floor(next() * 2 ** 48).toString(16),
    word: () => pick(WORDS, next),
  };
  return Array.from({ length: 20_000 }, () => {
    const [program, template] = pick(TEMPLATES, next);
    return { program, text: template.replace(/\{(\w+)\}/g, (_, slot: string) => slots[slot]!()) };
  });
}
