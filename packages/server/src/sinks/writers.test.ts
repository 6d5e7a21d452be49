/** The contract of writers, for the kinds that need no server of somebody else; e2e has the others. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { temporaryDirectory } from '@meniscus/testkit';
import { withDefaults } from './default-settings.testing.ts';
import { fileKind } from './file/kind.ts';
import { httpKind } from './http/kind.ts';
import { moduleKind } from './module/kind.ts';
import { syslogKind } from './syslog/kind.ts';
import { foundOf, testWriterContract, type Found, type FoundDocument, type WriterFixture } from './writer-contract.testing.ts';
import type { SinkKind, SinkWriter } from './writer.ts';

/** Makes writers of one sink: they share its state. */
function writersOf<S extends object>(t: TestContext, kind: SinkKind<S>, settings: Partial<S>): () => Promise<SinkWriter> {
  const stateDirectory = path.join(temporaryDirectory(t), 'state');
  mkdirSync(stateDirectory);
  return async () => {
    const { createWriter } = await kind.load();
    const writer = createWriter(withDefaults(kind, settings), {
      name: kind.type,
      timeoutMs: 5_000,
      stateDirectory,
      warn: () => {},
    });
    t.after(() => writer.close());
    return writer;
  };
}

function foundIn(lines: string): Found[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => foundOf(JSON.parse(line) as FoundDocument));
}

async function listening(t: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

testWriterContract('file', { once: true, ordered: true, removes: false }, (t) => {
  const directory = path.join(temporaryDirectory(t), 'archive');
  const files = (): string[] => readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ndjson'));
  return {
    writer: writersOf(t, fileKind, { directory }),
    found: async () => files().flatMap((file) => foundIn(readFileSync(path.join(directory, file), 'utf8'))),
  };
});

testWriterContract('http', { once: false, ordered: true, removes: false }, async (t): Promise<WriterFixture> => {
  const found: Found[] = [];
  const server = createHttpServer((request, response) => {
    text(request).then(
      (body) => {
        found.push(...foundIn(body));
        response.end();
      },
      () => response.destroy(),
    );
  });
  const port = await listening(t, server);
  t.after(() => server.closeAllConnections());
  return { writer: writersOf(t, httpKind, { url: [`http://127.0.0.1:${port}/`] }), found: async () => found };
});

const MODULE = `import { appendFileSync } from 'node:fs';
export function createWriter({ file }) {
  return {
    write(batch) {
      for (let row = 0; row < batch.rows; row++) appendFileSync(file, batch.document(row) + '\\n');
    },
  };
}
`;

testWriterContract('module', { once: false, ordered: true, removes: false }, (t) => {
  const directory = temporaryDirectory(t);
  const [module, file] = [path.join(directory, 'sink.mjs'), path.join(directory, 'events')];
  writeFileSync(module, MODULE);
  writeFileSync(file, '');
  return { writer: writersOf(t, moduleKind, { module, settings: { file } }), found: async () => foundIn(readFileSync(file, 'utf8')) };
});

/** Octet-counted RFC 5424 messages that came whole. */
function messages(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const end = space + 1 + Number(bytes.toString('latin1', at, space));
    if (space < 0 || end > bytes.length) break;
    texts.push(bytes.toString('utf8', space + 1, end));
    at = end;
  }
  return texts;
}

const ELEMENT = /\[meniscus@32473 tenant="((?:[^"\\\]]|\\.)*)" id="([^"]*)"/;

testWriterContract('syslog', { once: false, ordered: true, removes: false }, async (t): Promise<WriterFixture> => {
  const connections: Buffer[][] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const chunks: Buffer[] = [];
    connections.push(chunks);
    open.add(socket);
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {});
    socket.on('close', () => open.delete(socket));
    t.after(() => socket.destroy());
  });
  const port = await listening(t, server);
  const writers: SinkWriter[] = [];
  const make = writersOf(t, syslogKind, { address: `127.0.0.1:${port}`, transport: 'tcp' } as never);
  return {
    writer: async () => {
      const writer = await make();
      writers.push(writer);
      return writer;
    },
    // What the system holds has arrived when the connections are closed.
    found: async () => {
      for (const writer of writers.splice(0)) await writer.close();
      while (open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      return connections.flatMap((chunks) =>
        messages(Buffer.concat(chunks)).map((message) => {
          const [, tenant, id] = ELEMENT.exec(message)!;
          return { tenant: tenant!.replace(/\\(.)/g, '$1'), id: id!, msg: message.slice(message.lastIndexOf('] ') + 2) };
        }),
      );
    },
  };
});
