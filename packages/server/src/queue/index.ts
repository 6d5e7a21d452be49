import { LogQueue } from './log/log-queue.ts';

/** The kinds of queue there are, by the name that the configuration uses. */
export const queues = {
  log: LogQueue,
} as const;

export type QueueKind = keyof typeof queues;
