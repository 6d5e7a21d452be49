import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  Client,
  ferretDb,
  hdfs,
  openSearch,
  sendTcp,
  startProcess,
  temporaryDirectory,
  type Cleanup,
  type Hdfs,
  type MeniscusProcess,
  type Server,
  type TestTenant,
} from '@meniscus/testkit';
import { WebHdfs } from '@meniscus/webhdfs';
import { message } from '../../../apptest/support/setup.ts';
import { smallDisk, type SmallDisk } from '../../support/small-disk.ts';
import { inCluster, inFiles, inHdfs, inHook, inMongo, inStore, type Contents } from './contents.ts';
import { Sent } from './events.ts';
import { Hook } from './hook.ts';

const HEAP = '384m';
const DISK_BYTES = 256 << 20;
export const TENANT = 'acme';
/** Who owns the archive in HDFS; not the superuser, whom nothing is refused. */
export const OWNER = 'meniscus';
export const ARCHIVE = '/meniscus';

/** The sinks of these tests. */
export const SINKS = ['elasticsearch', 'mongodb', 'hdfs', 'archive', 'hook'] as const;
export type SinkName = (typeof SINKS)[number];

export type Settings = Record<SinkName, Record<string, unknown>>;

/** One of each server that a sink writes to. */
export interface Servers {
  readonly cluster: Server;
  readonly mongo: Server;
  readonly hadoop: Hdfs;
  readonly hook: Hook;
  /** The superuser's client. */
  readonly superuser: WebHdfs;
  /** Where FerretDB's data and the files of the sink `file` are; a text when this computer allows none. */
  readonly disks: { readonly mongo: SmallDisk | string; readonly archive: SmallDisk | string };
}

function onDisk(disk: SmallDisk | string): { readonly workDirectory?: string } {
  return typeof disk === 'string' ? {} : { workDirectory: path.join(disk.directory, 'ferretdb') };
}

/** Starts them side by side. */
export async function startServers(t: Cleanup, options: { readonly dataNodes?: number } = {}): Promise<Servers> {
  const disks = { mongo: await smallDisk(t, DISK_BYTES), archive: await smallDisk(t, DISK_BYTES) };
  const [cluster, mongo, hadoop, hook] = await Promise.all([
    openSearch(t, { heap: HEAP }),
    ferretDb(t, onDisk(disks.mongo)),
    hdfs(t, { heap: HEAP, dataNodes: options.dataNodes ?? 1 }),
    Hook.start(t),
  ]);
  const superuser = new WebHdfs({ url: hadoop.url, user: hadoop.user });
  t.after(() => superuser.close());
  await superuser.mkdirs(ARCHIVE);
  await superuser.setOwner(ARCHIVE, { owner: OWNER, group: OWNER });
  return { cluster, mongo, hadoop, hook, superuser, disks };
}

/** Small batches that do not wait, and a timeout that a silent server reaches soon. */
function defaults({ cluster, mongo, hadoop, hook }: Servers, archive: string): Settings {
  const common = { batch_max_age: '50ms', timeout: '3s' };
  return {
    elasticsearch: { ...common, type: 'elasticsearch', url: cluster.url, replicas: 0 },
    mongodb: { ...common, type: 'mongodb', url: mongo.url },
    hdfs: { type: 'hdfs', url: hadoop.url, user: OWNER, directory: ARCHIVE, replication: 1, file_max_age: '300ms', timeout: '3s' },
    archive: { ...common, type: 'file', directory: archive },
    hook: { ...common, type: 'http', url: hook.url },
  };
}

export interface SinkView {
  readonly name: string;
  readonly lag: { readonly events: number; readonly bytes: number };
  readonly retries: number;
  readonly last_error: { readonly text: string } | null;
  readonly since_ok: string | null;
}

export interface PipelineView {
  readonly queue: { readonly full: string | null; readonly warnings: readonly string[] };
  readonly sinks: readonly SinkView[];
}

/** The service with all sinks, a tenant, and what was sent to it. */
export class Fixture {
  readonly servers: Servers;
  readonly settings: Settings;
  readonly contents: Readonly<Record<SinkName | 'store', Contents>>;
  /** What the service has taken. */
  readonly sent = new Sent();
  /** That and what it may have taken. */
  readonly tried = new Sent();
  service!: MeniscusProcess;
  client!: Client;
  tenant!: TestTenant;
  private readonly t: Cleanup;
  private readonly directory: string;
  private readonly globals: Readonly<Record<string, unknown>>;
  private readonly next = new Map<string, number>();

  private constructor(t: Cleanup, servers: Servers, globals: Readonly<Record<string, unknown>>) {
    this.t = t;
    this.servers = servers;
    this.globals = globals;
    this.directory = temporaryDirectory(t);
    const disk = servers.disks.archive;
    const archive = path.join(typeof disk === 'string' ? this.directory : disk.directory, 'archive');
    this.settings = defaults(servers, archive);
    this.contents = {
      store: inStore(
        () => this.client,
        () => this.tenant,
      ),
      elasticsearch: inCluster(servers.cluster, TENANT),
      mongodb: inMongo(t, servers.mongo),
      hdfs: inHdfs(t, servers.hadoop, `${ARCHIVE}/${TENANT}`),
      archive: inFiles(path.join(archive, TENANT)),
      hook: inHook(servers.hook),
    };
  }

  static async start(t: Cleanup, servers: Servers, globals: Readonly<Record<string, unknown>> = {}): Promise<Fixture> {
    const fixture = new Fixture(t, servers, globals);
    await fixture.start();
    fixture.tenant = await fixture.client.createTenant(TENANT);
    return fixture;
  }

  async start(): Promise<void> {
    this.service = await startProcess(this.t, { dataDir: path.join(this.directory, 'data'), config: this.configure() });
    this.client = new Client(this.service);
  }

  async restart(signal: NodeJS.Signals): Promise<number | string> {
    const ended = await this.service.end(signal);
    await this.start();
    return ended;
  }

  /** Changes settings of a sink in the running service. */
  async reconfigure(name: SinkName, changes: Record<string, unknown>): Promise<void> {
    Object.assign(this.settings[name], changes);
    this.configure();
    const { status, body } = await this.client.call('/v1/config/reload', { method: 'POST' });
    if (status !== 200) throw new Error(`reload: ${status} ${JSON.stringify(body)}`);
  }

  /** Publishes so many events of a sender, numbered on, and notes them as sent. Rejects when not all were taken. */
  async publish(sender: string, count: number, padding = ''): Promise<void> {
    const numbers = this.take(sender, count);
    const events = numbers.map((number) => ({ msg: `numbered ${number}${padding}`, pname: sender, host: 'web-01', n: number }));
    const { status, body } = await this.client.publish(this.tenant, events);
    if (status !== 202) throw new Error(`publish: ${status} ${JSON.stringify(body)}`);
    for (const number of numbers) this.sent.add(sender, number);
  }

  /** The same by syslog, which tells nobody what was taken: that is known when the service goes on. Gives their numbers; noted is nothing yet. */
  async stream(sender: string, count: number): Promise<readonly number[]> {
    const numbers = this.take(sender, count);
    const head = `<134>1 2026-11-20T10:00:00.123456Z web-01 ${sender} 4242 -`;
    const lines = numbers.map((number) => `${message(this.tenant, `numbered ${number}`, head)}\n`);
    await sendTcp(this.service.run.syslog.tcp, lines.join(''));
    return numbers;
  }

  /** The same, noted as sent, since nothing stops the service. */
  async send(sender: string, count: number): Promise<void> {
    for (const number of await this.stream(sender, count)) this.sent.add(sender, number);
  }

  async pipeline(): Promise<PipelineView> {
    return (await this.client.call<PipelineView>('/v1/pipeline')).body;
  }

  async view(name: string): Promise<SinkView> {
    const view = (await this.pipeline()).sinks.find((sink) => sink.name === name);
    if (view === undefined) throw new Error(`no sink ${name}`);
    return view;
  }

  async isUp(name: string): Promise<boolean> {
    const { body } = await this.client.call<string>('/metrics');
    const value = new RegExp(`^meniscus_sink_up\\{sink="${name}"\\} (\\d)$`, 'm').exec(body)?.[1];
    if (value === undefined) throw new Error(`no metric of ${name}`);
    return value === '1';
  }

  async letters(): Promise<readonly unknown[]> {
    return (await this.client.call<{ dead_letters: unknown[] }>(this.client.path(TENANT, '/dead-letters'))).body.dead_letters;
  }

  private take(sender: string, count: number): number[] {
    const from = this.next.get(sender) ?? 0;
    this.next.set(sender, from + count);
    const numbers = Array.from({ length: count }, (_, i) => from + i);
    for (const number of numbers) this.tried.add(sender, number);
    return numbers;
  }

  /** Writes the configuration as it is now; gives its path. JSON is YAML. */
  private configure(): string {
    const file = path.join(this.directory, 'meniscus.yaml');
    const sinks = SINKS.map((name) => ({ name, ...this.settings[name] }));
    writeFileSync(file, JSON.stringify({ ...this.globals, sinks, default_sinks: ['store', ...SINKS] }, undefined, 2));
    return file;
  }
}
