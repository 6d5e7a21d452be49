import { readFile, readlink } from 'node:fs/promises';
import type { Socket } from 'node:dgram';
import type { SourceCounters } from '../source.ts';

const POLL_MS = 1_000;
const TABLES = ['/proc/net/udp', '/proc/net/udp6'];

/** One line of /proc/net/udp, as far as it matters here. */
export interface UdpEntry {
  readonly port: number;
  readonly inode: string;
  readonly drops: number;
}

/** Reads the text of /proc/net/udp or udp6: a header, then a line for each socket, the drops last. */
export function parseUdpTable(text: string): UdpEntry[] {
  const entries: UdpEntry[] = [];
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields.length < 13) continue;
    const port = Number.parseInt(fields[1]!.slice(fields[1]!.lastIndexOf(':') + 1), 16);
    const drops = Number(fields[12]);
    if (Number.isInteger(port) && Number.isInteger(drops)) entries.push({ port, inode: fields[9]!, drops });
  }
  return entries;
}

/**
 * Watches what the kernel dropped of a UDP socket because its buffer was full. Linux tells by socket; elsewhere nothing is counted. Several threads may share
 * a port, so the socket's inode tells ours from theirs; its descriptor is not in Node's interface, and where it cannot be had, the port decides.
 */
export class KernelDrops {
  private readonly port: number;
  private readonly counters: SourceCounters;
  private readonly timer: NodeJS.Timeout;
  private readonly inode: Promise<string | undefined>;
  private counted = 0;
  private polling: Promise<void> = Promise.resolve();

  constructor(socket: Socket, port: number, counters: SourceCounters) {
    this.port = port;
    this.counters = counters;
    this.inode = inodeOf(socket);
    this.timer = setInterval(() => {
      this.polling = this.poll();
    }, POLL_MS);
    this.timer.unref();
  }

  /** Counts a last time. To be called while the socket is open. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.polling;
    await this.poll();
  }

  private async poll(): Promise<void> {
    const inode = await this.inode;
    let drops = 0;
    for (const table of TABLES) {
      const text = await readFile(table, 'latin1').catch(() => '');
      for (const entry of parseUdpTable(text))
        if (inode === undefined ? entry.port === this.port : entry.inode === inode) drops += entry.drops;
    }
    if (drops > this.counted) {
      this.counters.kernelDrops += drops - this.counted;
      this.counted = drops;
    }
  }
}

async function inodeOf(socket: Socket): Promise<string | undefined> {
  const fd = Object.getOwnPropertySymbols(socket)
    .map((symbol) => (socket as unknown as Record<symbol, { handle?: { fd?: unknown } } | undefined>)[symbol]?.handle?.fd)
    .find((fd): fd is number => typeof fd === 'number' && fd >= 0);
  if (fd === undefined) return undefined;
  const link = await readlink(`/proc/self/fd/${fd}`).catch(() => '');
  return /^socket:\[(\d+)\]$/.exec(link)?.[1];
}
