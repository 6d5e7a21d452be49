import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory, type Cleanup } from '@meniscus/testkit';
import { accepts, startDaemon } from './daemon.ts';
import type { Unpacked } from './debian.ts';

/** A message as a receiver has understood it. */
export interface Received {
  readonly pri: string;
  readonly time: string;
  readonly host: string;
  readonly pname: string;
  readonly pid: string;
  readonly msgid: string;
  readonly data: unknown;
  readonly msg: string;
}

/** A receiver that writes what it gets to a file, a message a line. */
export class SyslogReceiver {
  readonly process: ReturnType<typeof startDaemon>;
  private readonly file: string;

  constructor(process: ReturnType<typeof startDaemon>, file: string) {
    this.process = process;
    this.file = file;
  }

  messages(): Received[] {
    if (!existsSync(this.file)) return [];
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Received);
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }
}

/** rsyslog over TCP, as its own guide says. */
export async function rsyslogReceiver(
  t: Cleanup,
  unpacked: Unpacked,
  port: number,
  directory = temporaryDirectory(t),
): Promise<SyslogReceiver> {
  const file = path.join(directory, 'rsyslog.conf');
  const property = (name: string, of: string, format = 'json'): string => `"${name}":"%${of}:::${format}%"`;
  const fields = [
    property('pri', 'pri'),
    property('time', 'timereported', 'date-rfc3339'),
    property('host', 'hostname'),
    property('pname', 'app-name'),
    property('pid', 'procid'),
    property('msgid', 'msgid'),
    property('data', 'structured-data'),
    property('msg', 'msg'),
  ];
  writeFileSync(
    file,
    `global(workDirectory="${directory}" maxMessageSize="128k")
module(load="imtcp")
template(name="line" type="string" string="{${fields.join(',').replaceAll('"', '\\"')}}\\n")
ruleset(name="take") { action(type="omfile" file="${path.join(directory, 'received')}" template="line") }
input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="take")
`,
  );
  const args = ['-n', '-f', file, '-i', path.join(directory, 'pid'), '-M', path.join(unpacked.libraries, 'rsyslog')];
  const process = startDaemon(t, path.join(unpacked.root, 'usr/sbin/rsyslogd'), args, unpacked.environment);
  await accepts(port, process);
  return new SyslogReceiver(process, path.join(directory, 'received'));
}

/** syslog-ng over TCP, or over TLS with a certificate. */
export async function syslogNgReceiver(
  t: Cleanup,
  unpacked: Unpacked,
  port: number,
  tls?: { readonly cert: string; readonly key: string },
): Promise<SyslogReceiver> {
  const directory = temporaryDirectory(t);
  const file = path.join(directory, 'syslog-ng.conf');
  const transport =
    tls === undefined
      ? 'transport("tcp")'
      : `transport("tls") tls(key-file("${tls.key}") cert-file("${tls.cert}") peer-verify(optional-untrusted))`;
  const pairs = 'pri=$PRI time=$ISODATE host=$HOST pname=$PROGRAM pid=$PID msgid=$MSGID data=$SDATA msg=$MESSAGE';
  writeFileSync(
    file,
    `@version: 3.38
options { keep-hostname(yes); chain-hostnames(no); use-dns(no); stats-freq(0); frac-digits(6); log-msg-size(131072); flush-lines(1); };
source in { syslog(ip(127.0.0.1) port(${port}) ${transport} flags(no-multi-line)); };
destination out { file("${path.join(directory, 'received')}" template("$(format-json ${pairs})\\n")); };
log { source(in); destination(out); };
`,
  );
  const modules = path.join(unpacked.root, 'usr/lib/syslog-ng');
  const version = readdirSync(modules).find((entry) => /^\d/.test(entry))!;
  const state = ['-R', path.join(directory, 'persist'), '-c', path.join(directory, 'ctl'), '-p', path.join(directory, 'pid')];
  const args = ['-F', '--no-caps', '--module-path', path.join(modules, version), '-f', file, ...state];
  const process = startDaemon(t, path.join(unpacked.root, 'usr/sbin/syslog-ng'), args, unpacked.environment);
  await accepts(port, process);
  return new SyslogReceiver(process, path.join(directory, 'received'));
}
