import { BlockList, isIP, isIPv4 } from 'node:net';
import { MeniscusError } from '../../errors.ts';

/** An address as everybody writes it: IPv4 that came over an IPv6 socket (`::ffff:10.0.0.1`) without its disguise, and no zone. */
export function plainAddress(address: string): string {
  const zone = address.indexOf('%');
  const bare = zone < 0 ? address : address.slice(0, zone);
  const tail = /^::ffff:/i.test(bare) ? bare.slice(7) : '';
  return isIPv4(tail) ? tail : bare;
}

/** The addresses and networks that may speak on a listener. */
export class AllowList {
  private readonly list = new BlockList();
  /** Answers by address: a sender of datagrams is asked about with each of them. */
  private readonly known = new Map<string, boolean>();

  /** `10.0.0.0/8`, `::1`, ... Throws MeniscusError(bad_configuration). */
  constructor(networks: readonly string[]) {
    for (const network of networks) this.add(network);
  }

  allows(address: string): boolean {
    const known = this.known.get(address);
    if (known !== undefined) return known;
    const plain = plainAddress(address);
    const allowed = isIP(plain) !== 0 && this.list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
    if (this.known.size >= 10_000) this.known.clear();
    this.known.set(address, allowed);
    return allowed;
  }

  private add(network: string): void {
    const [base, bits, ...more] = network.split('/') as [string, ...string[]];
    const address = plainAddress(base);
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    const most = family === 'ipv4' ? 32 : 128;
    const mapped = address !== base && family === 'ipv4' ? 96 : 0;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) - mapped : -1;
    if (isIP(address) === 0 || more.length > 0 || prefix < 0 || prefix > most) {
      throw new MeniscusError('bad_configuration', `allow: "${network}" is neither an address nor a network such as 10.0.0.0/8`);
    }
    this.list.addSubnet(address, prefix, family);
  }
}
