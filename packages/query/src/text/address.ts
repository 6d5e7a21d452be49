/** An IPv4 address is one number in `groups[0]`; an IPv6 address is its eight 16-bit groups. */
export interface Address {
  readonly family: 4 | 6;
  readonly groups: readonly number[];
}

/** An address and how many of its leading bits a member must share. Host bits are ignored. */
export interface Network extends Address {
  readonly bits: number;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const NETWORK = /^([0-9a-fA-F:.]+)\/(0|[1-9]\d{0,2})$/;
const LONGEST = 45;

/**
 * Reads an address that is the whole text: no zone, no brackets, no leading zeros in IPv4, any spelling of IPv6. An IPv4 address mapped into
 * IPv6 (`::ffff:10.1.2.3`) is the IPv4 address.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length < 2 || text.length > LONGEST) return undefined;
  if (!text.includes(':')) {
    const value = parseIpv4(text);
    return value === undefined ? undefined : { family: 4, groups: [value] };
  }
  const groups = parseIpv6(text);
  if (groups === undefined) return undefined;
  return isMapped(groups) ? { family: 4, groups: [mappedValue(groups)] } : { family: 6, groups };
}

/** Reads `A/N`; a mask that is too long for its family makes it no network. `::ffff:10.0.0.0/104` is `10.0.0.0/8`. */
export function parseNetwork(text: string): Network | undefined {
  const match = NETWORK.exec(text);
  if (match === null) return undefined;
  const [, base = '', mask = ''] = match;
  const bits = Number(mask);
  if (!base.includes(':')) {
    const value = parseIpv4(base);
    return value === undefined || bits > 32 ? undefined : { family: 4, groups: [value], bits };
  }
  const groups = parseIpv6(base);
  if (groups === undefined || bits > 128) return undefined;
  if (isMapped(groups) && bits >= 96) return { family: 4, groups: [mappedValue(groups)], bits: bits - 96 };
  return { family: 6, groups, bits };
}

/** A test of whether an address lies in the network; no IPv4 address lies in an IPv6 network. */
export function memberOf(network: Network): (address: Address) => boolean {
  const width = network.family === 4 ? 32 : 16;
  const masks = network.groups.map((_, index) => maskOf(network.bits - index * width, width));
  const wanted = network.groups.map((group, index) => (group & masks[index]!) >>> 0);
  return (address) =>
    address.family === network.family && address.groups.every((group, index) => (group & masks[index]!) >>> 0 === wanted[index]);
}

function maskOf(bits: number, width: number): number {
  const kept = Math.min(Math.max(bits, 0), width);
  return kept === 0 ? 0 : (0xffffffff << (width - kept)) >>> 0;
}

function parseIpv4(text: string): number | undefined {
  const match = IPV4.exec(text);
  if (match === null) return undefined;
  let value = 0;
  for (const part of match.slice(1)) {
    const byte = Number(part);
    if (byte > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    value = value * 256 + byte;
  }
  return value;
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** The groups of one side of `::`; only the side that ends the address may end in IPv4 form. */
function groupsOf(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const ipv4 = last && index === parts.length - 1 && part.includes('.') ? parseIpv4(part) : undefined;
    if (ipv4 !== undefined) groups.push(ipv4 >>> 16, ipv4 & 0xffff);
    else if (GROUP.test(part)) groups.push(parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function isMapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

function mappedValue(groups: readonly number[]): number {
  return groups[6]! * 65536 + groups[7]!;
}
