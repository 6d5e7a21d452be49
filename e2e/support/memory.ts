import { readFileSync } from 'node:fs';

/** What a process has in memory now, in bytes; `peak`: the most it ever had. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)![1]) * 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}
