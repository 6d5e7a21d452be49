import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import { temporaryDirectory, until } from '@meniscus/testkit';
import { ValueFault } from '../../config/kinds.ts';
import { sinkBatch } from '../document/documents.testing.ts';
import { WRITTEN, type SinkBatch, type SinkWriter } from '../writer.ts';
import { syslogKind } from './kind.ts';
import { createWriter } from './writer.ts';

const running = new AbortController().signal;

/** A receiver in this process. */
class Receiver {
  readonly sockets: Socket[] = [];
  chunks: Buffer[] = [];
  reading = true;
  readonly server: Server = createServer((socket) => {
    this.sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => this.chunks.push(chunk));
    if (!this.reading) socket.pause();
  });

  static async start(t: TestContext, port = 0): Promise<Receiver> {
    const receiver = new Receiver();
    await once(receiver.server.listen(port, '127.0.0.1'), 'listening');
    t.after(async () => receiver.stop());
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The texts of all messages that came whole. */
  messages(): string[] {
    const texts: string[] = [];
    const bytes = Buffer.concat(this.chunks);
    for (let at = 0; ;) {
      const space = bytes.indexOf(0x20, at);
      const end = space + 1 + Number(bytes.toString('latin1', at, space));
      if (space < 0 || end > bytes.length) return texts;
      texts.push(bytes.toString('utf8', space + 1, end).replace(/^.*?\] /s, ''));
      at = end;
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) await once(this.server.close(), 'close');
  }
}

function writerFor(t: TestContext, port: number, timeoutMs = 5000): SinkWriter {
  const context = { name: 'relay', timeoutMs, stateDirectory: temporaryDirectory(t), warn: assert.fail };
  const writer = createWriter({ address: `127.0.0.1:${port}`, transport: 'tcp', verify_certificate: true }, context);
  t.after(() => writer.close());
  return writer;
}

const numbered = (from: number, to: number, padding = ''): SinkBatch =>
  sinkBatch(
    Array.from({ length: to - from }, (_, i) => ({ msg: `${from + i}${padding}` })),
    from,
  );

const range = (from: number, to: number, padding = ''): string[] => Array.from({ length: to - from }, (_, i) => `${from + i}${padding}`);

suite('the syslog sink', () => {
  test('sends messages in order, each with its length', async (t) => {
    const receiver = await Receiver.start(t);
    const writer = writerFor(t, receiver.port);
    await writer.open(running);
    const padding = ` ☃${'x'.repeat(100)}`;
    assert.deepEqual(await writer.write(numbered(0, 2000, padding), running), WRITTEN);
    await writer.write(numbered(2000, 2001, padding), running);
    await until('all messages', () => receiver.messages().length === 2001);
    assert.deepEqual(receiver.messages(), range(0, 2001, padding));
    assert.equal(receiver.sockets.length, 1);
  });

  test('sees that the receiver has closed before it writes', async (t) => {
    const receiver = await Receiver.start(t);
    const writer = writerFor(t, receiver.port);
    await writer.open(running);
    await writer.write(numbered(0, 1), running);
    await until('the first', () => receiver.messages().length === 1);
    receiver.sockets[0]!.end();
    await once(receiver.sockets[0]!, 'close');
    await writer.write(numbered(1, 2), running);
    await until('both', () => receiver.messages().length === 2);
    assert.equal(receiver.sockets.length, 2);
  });

  test('waits for a receiver that stands still on the same connection, and sends nothing twice', async (t) => {
    const receiver = await Receiver.start(t);
    receiver.reading = false;
    const writer = writerFor(t, receiver.port, 400);
    await writer.open(running);
    const padding = ' '.repeat(10_000);
    const batch = numbered(0, 2000, padding);
    await assert.rejects(writer.write(batch, running), /^Error: 127\.0\.0\.1:\d+: the receiver takes nothing for \d+ s$/);
    await assert.rejects(writer.open(running), /takes nothing/);
    receiver.sockets[0]!.resume();
    await until('it to be open', async () =>
      writer.open(running).then(
        () => true,
        () => false,
      ),
    );
    await writer.write(batch, running);
    await writer.write(numbered(2000, 2001, padding), running);
    await until('all messages', () => receiver.messages().length === 2001);
    assert.deepEqual(receiver.messages(), range(0, 2001, padding));
    assert.equal(receiver.sockets.length, 1);
  });

  test('sends a batch again, whole, whose connection broke', async (t) => {
    const receiver = await Receiver.start(t);
    const writer = writerFor(t, receiver.port);
    await writer.open(running);
    const padding = ' '.repeat(10_000);
    const batch = numbered(0, 2000, padding);
    await until('a connection', () => receiver.sockets.length === 1);
    receiver.sockets[0]!.once('data', () => receiver.sockets[0]!.resetAndDestroy());
    await assert.rejects(writer.write(batch, running));
    receiver.chunks = [];
    await writer.open(running);
    await writer.write(batch, running);
    await until('all messages', () => receiver.messages().length === 2000);
    assert.deepEqual(receiver.messages(), range(0, 2000, padding));
  });

  test('says who is not there', async (t) => {
    await assert.rejects(writerFor(t, 1).open(running), /^Error: 127\.0\.0\.1:1: connect ECONNREFUSED/);
  });

  test('ends when the service does', async (t) => {
    const receiver = await Receiver.start(t);
    receiver.reading = false;
    const writer = writerFor(t, receiver.port);
    await writer.open(running);
    const aborter = new AbortController();
    const failed = assert.rejects(writer.write(numbered(0, 3000, ' '.repeat(10_000)), aborter.signal));
    aborter.abort();
    await failed;
  });
});

suite('the settings of the syslog sink', () => {
  const { address } = syslogKind.settings;

  test('take an address with a port', () => {
    for (const fine of ['127.0.0.1:6514', '[::1]:601', 'logs.example:6514']) assert.equal(address.kind.parse(fine, '/'), fine);
    for (const wrong of ['127.0.0.1', '::1:601', ':514', 'a:0', 'a:65536', 'a b:1', 'tcp://a:1', 514, null])
      assert.throws(() => address.kind.parse(wrong, '/'), ValueFault, String(wrong));
  });

  test('take certificates with tls only', () => {
    assert.throws(() => syslogKind.check!({ address: 'a:1', transport: 'tcp', verify_certificate: true, ca_file: '/ca' }), /ca_file/);
    syslogKind.check!({ address: 'a:1', transport: 'tls', verify_certificate: true, ca_file: '/ca' });
  });
});
