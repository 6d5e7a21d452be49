import { parentPort, workerData } from 'node:worker_threads';
import { MeniscusError, messageOf } from '../../errors.ts';
import { sinkKind } from '../index.ts';
import type { FromSink, SinkLetter, SinkStart, ToSink } from './messages.ts';
import { SinkRunner } from './runner.ts';

/** The thread of one sink. Its port speaks ToSink and FromSink. */
const start = workerData as SinkStart;

function send(message: FromSink): void {
  parentPort!.postMessage(message);
}

/** Letters that main keeps, until it says that they are durable. */
class Letters {
  private readonly waiting = new Map<number, PromiseWithResolvers<void>>();
  private nextId = 0;

  async keep(letters: readonly SinkLetter[]): Promise<void> {
    const id = this.nextId++;
    const kept = Promise.withResolvers<void>();
    this.waiting.set(id, kept);
    send({ type: 'letters', id, letters });
    await kept.promise;
  }

  done(id: number, error: string | undefined): void {
    const kept = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) kept?.resolve();
    else kept?.reject(new Error(error));
  }
}

const kind = sinkKind(start.type);
if (kind === undefined) throw new MeniscusError('internal', `no kind of sink is ${start.type}`);
const { createWriter } = await kind.load();
const context = {
  name: start.name,
  timeoutMs: start.timeoutMs,
  stateDirectory: start.stateDirectory,
  warn: (text: string) => send({ type: 'warning', text }),
};
const letters = new Letters();
const runner = new SinkRunner({
  ...start,
  writer: createWriter(start.settings as never, context),
  letters: async (list) => letters.keep(list),
  health: (health) => send({ type: 'health', health }),
  tenantRemoved: (number) => send({ type: 'tenant-removed', number }),
});

async function receive(message: ToSink): Promise<void> {
  switch (message.type) {
    case 'shard':
      return runner.attach(message.shard, message.port);
    case 'directory':
      runner.apply(message.changes);
      return send({ type: 'directory-done', sequence: message.sequence });
    case 'letters-done':
      return letters.done(message.id, message.error);
    case 'remove-tenant':
      return runner.removeTenant(message.number, message.tenantId, message.before);
    case 'redrive': {
      const { id } = message;
      await runner.redrive(message.documents).then(
        (done) => send({ type: 'redriven', id, done, error: undefined }),
        (error: unknown) => send({ type: 'redriven', id, done: 0, error: messageOf(error) }),
      );
      return;
    }
    case 'stop':
      await runner.stop();
      return send({ type: 'stopped' });
  }
}

parentPort!.on('message', (message: ToSink) => {
  receive(message).catch((error: unknown) => {
    throw error;
  });
});
