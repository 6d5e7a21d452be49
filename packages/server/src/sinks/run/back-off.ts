import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Exponential, with jitter so that many clients of a server that returns do not come at once: the first wait is below a second, the longest 30 s. */
export function backOffMs(attempt: number, random = Math.random()): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return most / 2 + (most / 2) * random;
}

/** Resolves after the time, or at once when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: true }).catch(() => {});
}
