/** Log files to measure with: the loghub samples next to the repository, or lines made up in their likeness. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A rulebase of this package and the log it is measured with. */
export interface Pairing {
  rulebase: string;
  log: string;
}

export const PAIRINGS: readonly Pairing[] = [
  { rulebase: 'sshd', log: 'openssh' },
  { rulebase: 'apache', log: 'apache' },
  { rulebase: 'apache', log: 'access (generated)' },
  { rulebase: 'nginx', log: 'access (generated)' },
  { rulebase: 'hdfs', log: 'hdfs' },
  { rulebase: 'zookeeper', log: 'zookeeper' },
  { rulebase: 'linux', log: 'linux' },
  { rulebase: 'openstack', log: 'openstack' },
  { rulebase: 'spark', log: 'spark' },
  { rulebase: 'hadoop', log: 'hadoop' },
  { rulebase: 'proxifier', log: 'proxifier' },
  { rulebase: 'iptables', log: 'netfilter (generated)' },
  { rulebase: 'haproxy', log: 'haproxy (generated)' },
  { rulebase: 'postfix', log: 'postfix (samples)' },
  { rulebase: 'sudo', log: 'sudo (samples)' },
  { rulebase: 'cron', log: 'cron (samples)' },
  { rulebase: 'cisco-asa', log: 'cisco-asa (samples)' },
];

const SAMPLES = fileURLToPath(new URL('../../../../shared/data/loghub/', import.meta.url));
const TEST_SAMPLES = new URL('../test/fixtures/rulebases/', import.meta.url);
const GENERATED_LINES = 2000;

/** The lines that the tests know, one after the other. */
function samplesOf(name: string): string[] {
  const text = readFileSync(new URL(`${name}.ndjson`, TEST_SAMPLES), 'utf8').trimEnd();
  return text.split('\n').map((line) => (JSON.parse(line) as { line: string }).line);
}

/** The lines of a log, and where they come from. */
export function linesOf(log: string): { lines: string[]; source: string } {
  const samples = / \(samples\)$/.exec(log);
  if (samples !== null) return { lines: samplesOf(log.slice(0, samples.index)), source: 'samples' };
  const path = `${SAMPLES}${log}.log`;
  if (existsSync(path)) return { lines: readFileSync(path, 'latin1').split('\n').filter(Boolean), source: 'loghub' };
  const make = GENERATORS[log.replace(' (generated)', '')] ?? GENERATORS['openssh']!;
  return { lines: Array.from({ length: GENERATED_LINES }, (_, i) => make(i)), source: 'generated' };
}

function pick<T>(items: readonly T[], n: number): T {
  return items[n % items.length]!;
}

function ip(n: number): string {
  return `10.${(n * 7) % 256}.${(n * 13) % 256}.${(n % 254) + 1}`;
}

function clock(n: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two((n >> 6) % 24)}:${two((n * 7) % 60)}:${two(n % 60)}`;
}

const GENERATORS: Readonly<Record<string, (n: number) => string>> = {
  openssh: (n) =>
    `Dec 10 ${clock(n)} LabSZ sshd[${24000 + n}]: ${pick(
      [
        `Failed password for root from ${ip(n)} port ${1024 + n} ssh2`,
        `Invalid user admin${n % 9} from ${ip(n)}`,
        `Connection closed by ${ip(n)} [preauth]`,
        `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${ip(n)}  user=root`,
        `Received disconnect from ${ip(n)}: 11: Bye Bye [preauth]`,
      ],
      n * 31,
    )}`,
  access: (n) =>
    `${ip(n)} - ${pick(['-', 'frank', 'alice'], n)} [10/Oct/2025:${clock(n)} +0200] "${pick(['GET', 'POST', 'HEAD'], n)} /${pick(
      ['index.html', 'api/v1/items?id=', 'static/site.css', 'images/logo.png'],
      n * 17,
    )}${n} HTTP/1.1" ${pick([200, 200, 304, 404, 500], n)} ${n * 37} "https://example.com/page/${n % 50}" "Mozilla/5.0 (X11; Linux x86_64; rv:${
      100 + (n % 40)
    }.0) Gecko/20100101 Firefox/${100 + (n % 40)}.0"`,
  apache: (n) =>
    `[Sun Dec 04 ${clock(n)} 2005] [${pick(['notice', 'error'], n)}] ${pick(
      [
        `jk2_init() Found child ${6000 + n} in scoreboard slot ${n % 12}`,
        'workerEnv.init() ok /etc/httpd/conf/workers2.properties',
        `mod_jk child workerEnv in error state ${n % 9}`,
        `[client ${ip(n)}] Directory index forbidden by rule: /var/www/html/`,
      ],
      n * 7,
    )}`,
  netfilter: (n) =>
    `Oct 29 ${clock(n)} gate kernel: [${100000 + n}.${123456 + n}] DROP IN=eth${n % 4} OUT= MAC=f0:f6:1c:5f:cc:a2 SRC=${ip(n)} DST=${ip(
      n * 3,
    )} LEN=60 TOS=0x00 PREC=0x00 TTL=${40 + (n % 24)} ID=${n * 11} DF PROTO=TCP SPT=${1024 + n} DPT=${pick([22, 80, 443], n)} WINDOW=29200 RES=0x00 SYN URGP=0`,
  haproxy: (n) =>
    `Oct 29 ${clock(n)} lb1 haproxy[${1000 + (n % 50)}]: ${ip(n)}:${1024 + n} [29/Oct/2025:${clock(n)}.${100 + (n % 900)}] www~ app/web${n % 8} ${
      n % 10
    }/0/${n % 5}/${n % 300}/${n % 400} ${pick([200, 302, 404], n)} ${n * 13} - - ---- ${n % 90}/${n % 80}/${n % 70}/${n % 9}/0 0/0 "GET /item/${n}?page=${
      n % 20
    } HTTP/1.1"`,
};
