import path from 'node:path';
import { unpackDebian, type Unpacked } from './debian.ts';

/** syslog-ng with loggen, unpacked beside rsyslog: Debian's packages of the two exclude each other. */
export async function unpackSyslogNg(): Promise<Unpacked> {
  const unpacked = await unpackDebian('syslog-ng', ['syslog-ng-core', 'libivykis0', 'libjson-c5', 'libnet1', 'libpcre3', 'libwrap0']);
  // loggen looks for its plug-ins below this.
  return { ...unpacked, environment: { ...unpacked.environment, SYSLOGNG_PREFIX: path.join(unpacked.root, 'usr') } };
}

export function loggen(unpacked: Unpacked): string {
  return path.join(unpacked.root, 'usr/bin/loggen');
}
