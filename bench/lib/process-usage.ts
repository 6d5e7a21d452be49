import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts CPU time in these ticks a second for user space, whatever the kernel's own rate. */
const TICKS = 100;

interface Stat {
  readonly parent: number;
  readonly seconds: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      parent: Number(fields[1]),
      seconds: (Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])) / TICKS,
    };
  } catch {
    return undefined;
  }
}

/** CPU-seconds, user and system, that a process, its ended and its living children have used. */
export function cpuSeconds(pid: number): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), stat: statOf(Number(name)) }));
  let total = statOf(pid)?.seconds ?? 0;
  for (const { pid: child, stat } of all) if (stat?.parent === pid) total += cpuSeconds(child);
  return total;
}

function statusField(pid: number, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
}

/** Bytes resident now, and the most there were. */
export function memory(pid: number): { readonly now: number; readonly peak: number } {
  return { now: statusField(pid, 'VmRSS'), peak: statusField(pid, 'VmHWM') };
}

/** CPU-seconds, user and system, of the living threads of a process whose names match. */
export function threadSeconds(pid: number, names: RegExp): number {
  let total = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    const end = text.lastIndexOf(')');
    if (!names.test(text.slice(text.indexOf('(') + 1, end))) continue;
    const fields = text.slice(end + 2).split(' ');
    total += (Number(fields[11]) + Number(fields[12])) / TICKS;
  }
  return total;
}
