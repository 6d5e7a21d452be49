import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, onEnd, startProcess, temporaryDirectory, type Cleanup, type MeniscusProcess, type TestTenant } from '@meniscus/testkit';
import { withDefaults } from '../../packages/server/src/sinks/default-settings.testing.ts';
import type { SinkContext, SinkKind, SinkWriter } from '../../packages/server/src/sinks/writer.ts';

export const running = new AbortController().signal;

/** A writer with what its kind gives for settings that are left out, closed with the test. Not yet open. */
export async function writerOf<S extends object>(
  t: Cleanup,
  kind: SinkKind<S>,
  settings: Partial<S>,
  context: Partial<SinkContext> = {},
): Promise<SinkWriter> {
  const { createWriter } = await kind.load();
  const writer = createWriter(withDefaults(kind, settings), {
    name: 'sink',
    timeoutMs: 5000,
    stateDirectory: temporaryDirectory(t),
    warn: (text) => console.error(text),
    ...context,
  });
  onEnd(t, async () => writer.close());
  return writer;
}

export interface SinkView {
  readonly name: string;
  readonly lag: { readonly events: number };
  readonly retries: number;
  readonly last_error: { readonly text: string } | null;
}

/** The service with a tenant and sinks. */
export class SinkService {
  readonly directory: string;
  service!: MeniscusProcess;
  client!: Client;
  tenant!: TestTenant;
  private readonly t: Cleanup;
  private readonly config: string;
  private sent = 0;

  constructor(t: Cleanup, sinks: string) {
    this.t = t;
    this.directory = temporaryDirectory(t);
    this.config = path.join(this.directory, 'meniscus.yaml');
    writeFileSync(this.config, sinks);
  }

  static async start(t: Cleanup, sinks: string): Promise<SinkService> {
    const started = new SinkService(t, sinks);
    await started.start();
    started.tenant = await started.client.createTenant('acme');
    return started;
  }

  async start(): Promise<void> {
    this.service = await startProcess(this.t, { dataDir: path.join(this.directory, 'data'), config: this.config });
    this.client = new Client(this.service);
  }

  async restart(signal: NodeJS.Signals): Promise<void> {
    await this.service.end(signal);
    await this.start();
  }

  /** Publishes so many events that are numbered on; gives how many there are now. */
  async publish(count: number): Promise<number> {
    for (let left = count; left > 0; left -= 500) {
      const numbers = Array.from({ length: Math.min(500, left) }, () => this.sent++);
      const { status } = await this.client.publish(
        this.tenant,
        numbers.map((number) => ({ msg: String(number) })),
      );
      if (status !== 202) throw new Error(`publish: ${status}`);
    }
    return this.sent;
  }

  async view(name: string): Promise<SinkView> {
    const { body } = await this.client.call<{ sinks: SinkView[] }>('/v1/pipeline');
    const view = body.sinks.find((sink) => sink.name === name);
    if (view === undefined) throw new Error(`no sink ${name}`);
    return view;
  }
}

/** The texts `0`, `1` and so on. */
export function numbers(to: number): string[] {
  return Array.from({ length: to }, (_, i) => String(i));
}
