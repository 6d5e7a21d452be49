import { setTimeout as delay } from 'node:timers/promises';
import type { Fixture, Servers } from './fixture.ts';

/** A process that trials kill. */
export interface Victim {
  readonly name: string;
  /** How likely it is in a trial. */
  readonly share: number;
  readonly kill: () => Promise<unknown>;
  readonly start: () => Promise<unknown>;
}

/** The servers of the sinks; the service itself is killed by the trial. */
export function victimsOf({ cluster, mongo, hadoop }: Servers): readonly Victim[] {
  return [
    { name: 'OpenSearch', share: 0.3, kill: async () => cluster.kill(), start: async () => cluster.restart() },
    { name: 'FerretDB', share: 0.4, kill: async () => mongo.kill(), start: async () => mongo.restart() },
    { name: 'NameNode', share: 0.3, kill: async () => hadoop.nameNode.kill(), start: async () => hadoop.nameNode.start() },
    { name: 'DataNode', share: 0.3, kill: async () => hadoop.killDataNode(0), start: async () => hadoop.startDataNode(0) },
  ];
}

const START_TRIES = 10;

/** A port that was free for a moment may have become the near end of somebody's connection: that one ends. */
async function startAgain(start: () => Promise<unknown>): Promise<void> {
  for (let left = START_TRIES; ; left--) {
    try {
      await start();
      return;
    } catch (error) {
      if (left === 0 || !/address already in use/i.test(String(error))) throw error;
      await delay(1000);
    }
  }
}

/** Kills servers and starts them again while trials go on: what is down or starting is not killed. */
export class Killer {
  readonly killed = new Map<string, number>();
  private readonly down = new Map<string, Promise<unknown>>();

  isUp({ name }: Victim): boolean {
    return !this.down.has(name);
  }

  count(name: string): void {
    this.killed.set(name, (this.killed.get(name) ?? 0) + 1);
  }

  /** Resolves when it is dead; so many milliseconds later it starts again. */
  async kill({ name, kill, start }: Victim, downMs: number): Promise<void> {
    this.count(name);
    const dead = kill();
    const back = dead.then(async () => delay(downMs)).then(async () => startAgain(start));
    this.down.set(name, back);
    back.then(
      () => this.down.delete(name),
      () => {},
    );
    await dead;
  }

  /** Resolves when all are up; rejects when one did not come up. */
  async allUp(): Promise<void> {
    await Promise.all(this.down.values());
  }
}

const PAUSE_MS = 20;

/** Senders of one trial. Their names are their own, so that each counts from 0. */
export class Senders {
  private readonly of: Fixture;
  private readonly syslog: string;
  private readonly ended: Promise<unknown>;
  private readonly streamed: number[] = [];
  private stopped = false;

  constructor(of: Fixture, trial: number) {
    this.of = of;
    this.syslog = `syslog${trial}`;
    const http = ['a', 'b'].map((name) => this.repeat(async () => of.publish(`${name}${trial}`, 10)));
    this.ended = Promise.all([...http, this.repeat(async () => void this.streamed.push(...(await of.stream(this.syslog, 20))))]);
  }

  /** When the service is gone they have ended by themselves, and nobody knows what of their syslog events was taken. */
  async gone(): Promise<void> {
    this.stopped = true;
    await this.ended;
  }

  /** The service goes on: what it read to the end of a connection is taken. */
  async stop(): Promise<void> {
    await this.gone();
    for (const number of this.streamed) this.of.sent.add(this.syslog, number);
  }

  /** Until the service is gone. A refusal is not one. */
  private async repeat(send: () => Promise<void>): Promise<void> {
    while (!this.stopped) {
      try {
        await send();
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('publish: ')) throw error;
        return;
      }
      await delay(PAUSE_MS);
    }
  }
}
