import type { Socket } from 'node:net';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import type { RunningSearches } from '../running-searches.ts';

/** How long requests under way may take when the service stops: the whole stop has ten seconds. */
const STOP_MS = 5_000;

/**
 * Makes `close` short. Open searches end; connections on which no request ever came (browsers open such in advance), which Node does not count as idle, are closed; what is
 * still busy after a while is cut.
 */
export function stopPlugin(app: App, running: RunningSearches): void {
  const unused = new Set<Socket>();
  app.server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  app.server.on('request', ({ socket }) => unused.delete(socket));

  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  app.addHook('preClose', (done) => {
    running.abortAll(new MeniscusError('shutting_down'));
    for (const socket of unused) socket.destroy();
    stopping = true;
    timer = setTimeout(() => app.server.closeAllConnections(), STOP_MS);
    done();
  });
  // Else the connection of a request that was under way would be kept, and waited for.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping) void reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onClose', (_app, done) => {
    clearTimeout(timer);
    done();
  });
}
