import type { Server } from '../server.ts';
import type { ServerProcess } from './server-process.ts';

/** A server of one program. */
export function single(url: string, port: number, process: ServerProcess): Server {
  return {
    url,
    port,
    workDirectory: process.program.workDirectory,
    get pids() {
      return process.isRunning ? [process.pid] : [];
    },
    pause: () => process.pause(),
    resume: () => process.resume(),
    kill: () => process.kill(),
    stop: () => process.stop(),
    restart: async () => {
      await process.stop();
      await process.start();
    },
  };
}
