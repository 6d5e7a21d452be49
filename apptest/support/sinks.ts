import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { Client, startProcess, temporaryDirectory, type MeniscusProcess } from '@meniscus/testkit';

/** What a sink writes of an event, as far as tests read it. */
export interface Doc {
  readonly msg: string;
  readonly meniscus: {
    readonly id: string;
    readonly tenant: string;
    readonly correlation: { readonly ep_name: string | null; readonly sinks: readonly string[] };
  };
}

/** All documents below an archive of the file sink, by file in the order of names. */
export function archived(directory: string): Doc[] {
  let files: string[];
  try {
    files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ndjson'));
  } catch {
    return [];
  }
  const lines = files.sort().flatMap((file) => readFileSync(path.join(directory, file), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Doc);
}

export function msgs(docs: readonly Doc[]): string[] {
  return docs.map(({ msg }) => msg);
}

/** A webhook whose answers the test gives. */
export async function webhook(t: TestContext) {
  const taken: Doc[] = [];
  const hook = { taken, answer: (_docs: readonly Doc[]): number => 200, url: '' };
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const docs = Buffer.concat(chunks)
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Doc);
      const status = hook.answer(docs);
      if (status === 200) taken.push(...docs);
      response.writeHead(status).end(status === 400 ? 'field bad is not allowed' : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/logs`;
  return hook;
}

/** A service with sinks. */
export interface Setup {
  service: MeniscusProcess;
  client: Client;
  readonly configure: (yaml: string) => void;
  readonly archive: string;
  readonly dataDir: string;
  readonly restart: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Starts a service with the configuration that `yaml` gives for the directory of its archive. */
export async function setup(t: TestContext, yaml: (archive: string) => string): Promise<Setup> {
  const directory = temporaryDirectory(t);
  const [config, archive, dataDir] = ['meniscus.yaml', 'archive', 'data'].map((name) => path.join(directory, name)) as [
    string,
    string,
    string,
  ];
  const configure = (text: string): void => writeFileSync(config, text);
  configure(yaml(archive));
  const service = await startProcess(t, { dataDir, config });
  const setup: Setup = {
    service,
    client: new Client(service),
    configure,
    archive,
    dataDir,
    restart: async (signal = 'SIGTERM') => {
      await setup.service.end(signal);
      setup.service = await startProcess(t, { dataDir, config });
      setup.client = new Client(setup.service);
    },
  };
  return setup;
}

/** The sink `archive`, of files. */
export const ARCHIVE = (archive: string): string => `sinks: [{ name: archive, type: file, directory: "${archive}", batch_max_age: 20ms }]`;

/** How a sink fares, in the pipeline's view. */
export async function sinkState(
  client: Client,
  name: string,
): Promise<Record<string, never> & { lag: { events: number }; last_error: { text: string } | null; since_ok: string | null }> {
  const { body } = await client.call<{ sinks: { name: string }[] }>('/v1/pipeline');
  return body.sinks.find((sink) => sink.name === name) as never;
}
