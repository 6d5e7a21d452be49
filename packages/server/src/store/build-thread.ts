import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import type { DirectoryUpdate, HotBatch } from '../threads/messages.ts';
import { BuildService } from './build/build-service.ts';
import type { BuildCommand, BuildThreadData, BuildThreadMessage } from './build/thread-messages.ts';

/**
 * The build thread. It is started with BuildThreadData and told what to do by BuildCommands on its parent's port; batches come on the ports of ingest threads,
 * manifests go to those of query threads.
 */
if (parentPort === null) throw new Error('build-thread.ts is started as a worker thread');
const parent = parentPort;
const say = (message: BuildThreadMessage): void => parent.postMessage(message);

const { directory, compressionLevel } = workerData as BuildThreadData;
const service = new BuildService({
  directory,
  compressionLevel,
  report: (what, error) => say({ type: 'report', what, reason: error instanceof Error ? error.message : '' }),
});
const ingests: MessagePort[] = [];
const queries: MessagePort[] = [];

function attachIngest(shard: number, port: MessagePort): void {
  port.on('message', take);
  ingests.push(port);
  service.attachIngest(shard, port);
}

function attachQuery(port: MessagePort): void {
  port.on('close', () => service.detachQuery(port));
  queries.push(port);
  service.attachQuery(port);
}

/** Takes the batches that are waiting on ports: they came before a command that is obeyed now. */
function takeWaiting(): void {
  for (const port of ingests) {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) take(next.message as HotBatch);
  }
}

function take(message: HotBatch): void {
  if (message.type === 'batch') service.batch(message);
}

async function stop(): Promise<void> {
  takeWaiting();
  await service.stop();
  say({ type: 'stopped' });
  for (const port of [...ingests, ...queries, parent]) port.close();
}

async function obey(command: BuildCommand | DirectoryUpdate): Promise<void> {
  switch (command.type) {
    case 'ingest':
      attachIngest(command.shard, command.port);
      return;
    case 'query':
      attachQuery(command.port);
      return;
    case 'directory':
      service.updateDirectory(command.changes);
      say({ type: 'directory-done', sequence: command.sequence });
      return;
    case 'flush':
      takeWaiting();
      await service.flush();
      say({ type: 'flush-done', sequence: command.sequence });
      return;
    case 'snapshot':
      say({ type: 'snapshot-done', sequence: command.sequence, error: service.snapshot(command.directory) });
      return;
    case 'stats':
      say({ type: 'stats', sequence: command.sequence, stats: service.stats() });
      return;
    case 'stop':
      await stop();
  }
}

parent.on('message', (command: BuildCommand | DirectoryUpdate) => {
  obey(command).catch((error: unknown) => {
    setImmediate(() => {
      throw error;
    });
  });
});
service.start();
say({ type: 'ready' });
