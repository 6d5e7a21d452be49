import { onEnd, type Cleanup } from '../../cleanup.ts';
import type { Server } from '../server.ts';
import { ServerProcess, type Program } from './server-process.ts';

/** A server and the processes that make it, in the order of their programs. */
export interface Group extends Server {
  readonly processes: readonly ServerProcess[];
}

async function start(processes: readonly ServerProcess[]): Promise<void> {
  for (const process of processes) process.launch();
  await Promise.all(processes.map((process) => process.ready()));
}

async function all(processes: readonly ServerProcess[], end: (process: ServerProcess) => Promise<void>): Promise<void> {
  await Promise.all(processes.map(end));
}

/** Starts the programs of one server side by side; they are killed at the end. */
export async function startGroup(t: Cleanup, url: string, port: number, programs: readonly [Program, ...Program[]]): Promise<Group> {
  const processes = programs.map((program) => new ServerProcess(program));
  onEnd(t, () => all(processes, (process) => process.kill()));
  await start(processes);
  return {
    url,
    port,
    processes,
    workDirectory: programs[0].workDirectory,
    get pids() {
      return processes.filter((process) => process.isRunning).map((process) => process.pid);
    },
    pause: () => processes.forEach((process) => process.pause()),
    resume: () => processes.forEach((process) => process.resume()),
    kill: () => all(processes, (process) => process.kill()),
    stop: () => all(processes, (process) => process.stop()),
    restart: async () => {
      await all(processes, (process) => process.stop());
      await start(processes);
    },
  };
}
