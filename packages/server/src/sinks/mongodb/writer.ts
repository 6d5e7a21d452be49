import { BSON, type Collection, type Document, type MongoClient } from 'mongodb';
import { errorText, shown } from '../error-text.ts';
import {
  BatchRefused,
  type Refusal,
  type SinkBatch,
  type SinkContext,
  type SinkTenant,
  type SinkWriter,
  type WriteResult,
} from '../writer.ts';
import { connect, disconnect, soon } from './client.ts';
import { DOCUMENT_MAX, DocumentMaker } from './document.ts';
import { ensureIndex, hasUniqueIndex } from './indexes.ts';
import type { MongodbSettings } from './kind.ts';
import { Pace } from './pace.ts';
import { EXPIRES, Retention } from './retention.ts';
import { documentErrors, isDocumentFault, type DocumentErrors } from './server-errors.ts';

/** Documents of one command; the server's limit is 48 MB. */
const COMMAND_BYTES = 24 * 1024 * 1024;

/** By the time of an event for searches, by its receipt for retention. */
const INDEXES = [
  { 'meniscus.tenant': 1, time: 1 },
  { 'meniscus.tenant': 1, 'meniscus.received': 1 },
] as const;

export function createWriter(settings: MongodbSettings, context: SinkContext): SinkWriter {
  return new MongodbWriter(settings, context);
}

interface Command {
  readonly rows: number[];
  readonly documents: Document[];
  bytes: number;
}

interface Opened {
  readonly client: MongoClient;
  readonly collection: Collection;
  readonly retention: Retention;
}

/**
 * Inserts documents under the ids of their events. An id that is there already is a document that an earlier try wrote, and is left as it is: an insert is one write of the document and its index entries, while
 * an upsert looks each id up first and then writes what is there a second time.
 */
class MongodbWriter implements SinkWriter {
  private readonly settings: MongodbSettings;
  private readonly context: SinkContext;
  private readonly maker = new DocumentMaker();
  private readonly pace = new Pace();
  /** Also while it is being made: who waits for it may have given up. */
  private connection: Promise<Opened> | undefined;

  constructor(settings: MongodbSettings, context: SinkContext) {
    this.settings = settings;
    this.context = context;
  }

  /** Connects, as the user; makes no collection. */
  async check(signal: AbortSignal): Promise<void> {
    await this.guarded(signal, async () => disconnect(await connect(this.settings, this.context.timeoutMs)));
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.close();
    await this.guarded(signal, async () => this.connected());
  }

  async write(batch: SinkBatch, signal: AbortSignal): Promise<WriteResult> {
    return this.guarded(signal, async () => {
      const { collection, retention } = await this.connected();
      const refused: Refusal[] = [];
      const again: number[] = [];
      let text = '';
      for (const command of this.commands(batch, retention, refused)) {
        signal.throwIfAborted();
        const errors = await this.pace.keep(async () => insert(collection, command.documents));
        for (const { index, text: said } of errors.refused) refused.push({ row: command.rows[index]!, text: shown(said) });
        for (const index of errors.again) again.push(command.rows[index]!);
        text ||= errors.text;
      }
      this.pace.done();
      return { refused, again, ...(text === '' ? {} : { error: shown(text) }) };
    });
  }

  async removeTenant(tenant: { readonly number: number; readonly id: string }, before: number, signal: AbortSignal): Promise<void> {
    await this.guarded(signal, async () => (await this.connected()).retention.remove(tenant.id, before, signal));
  }

  async retain(tenants: readonly SinkTenant[], signal: AbortSignal): Promise<void> {
    await this.guarded(signal, async () => (await this.connected()).retention.retain(tenants, Date.now() * 1000, signal));
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    const ended = connection?.then(
      async ({ client }) => disconnect(client),
      () => undefined,
    );
    // A client that is still connecting is ended when it has; nobody waits for that.
    await soon(ended);
  }

  private async connected(): Promise<Opened> {
    if (this.connection !== undefined) return this.connection;
    const connection = this.connect();
    this.connection = connection;
    connection.catch(() => {
      if (this.connection === connection) this.connection = undefined;
    });
    return connection;
  }

  private async connect(): Promise<Opened> {
    const { settings, context } = this;
    const client = await connect(settings, context.timeoutMs);
    try {
      const collection = client.db(settings.database).collection(settings.collection);
      for (const key of INDEXES) await ensureIndex(collection, { key });
      const retention = await Retention.open({ collection, stateDirectory: context.stateDirectory, pace: this.pace }, settings.ttl_index);
      return { client, collection, retention };
    } catch (error) {
      await disconnect(client);
      throw error;
    }
  }

  /** The batch's documents as commands of the size that a server takes; one that is too large for it is refused. */
  private *commands(batch: SinkBatch, retention: Retention, refused: Refusal[]): Generator<Command> {
    let command: Command = { rows: [], documents: [], bytes: 0 };
    for (let row = 0; row < batch.rows; row++) {
      const document = this.maker.make(batch.id(row), batch.object(row));
      if (retention.ttl) document[EXPIRES] = Retention.expiry(batch.received(row), batch.tenant(row));
      const bytes = this.maker.bytes > DOCUMENT_MAX ? BSON.calculateObjectSize(document) : this.maker.bytes;
      if (bytes > DOCUMENT_MAX) {
        refused.push({ row, text: `the document has ${bytes} bytes, more than the ${DOCUMENT_MAX} that MongoDB takes` });
        continue;
      }
      if (command.rows.length >= this.pace.documents || command.bytes + bytes > COMMAND_BYTES) {
        if (command.rows.length > 0) yield command;
        command = { rows: [], documents: [], bytes: 0 };
      }
      command.rows.push(row);
      command.documents.push(document);
      command.bytes += bytes;
    }
    if (command.rows.length > 0) yield command;
  }

  /** Ends with the service, whatever the driver still waits for, and says things without secrets. */
  private async guarded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', end, { once: true });
    try {
      return await Promise.race([work(), ended]);
    } catch (error) {
      if (error instanceof BatchRefused) throw error;
      throw new Error(errorText(error), { cause: error });
    } finally {
      signal.removeEventListener('abort', end);
    }
  }
}

async function insert(collection: Collection, documents: Document[]): Promise<DocumentErrors> {
  try {
    await collection.insertMany(documents, { ordered: false });
    return { refused: [], again: [], text: '', perhaps: [] };
  } catch (error) {
    if (isDocumentFault(error)) throw new BatchRefused(shown(error.message));
    const errors = documentErrors(error);
    return errors.perhaps.length === 0 ? errors : settled(collection, documents, errors);
  }
}

/**
 * Finds out which documents are there already: all of them, unless somebody made another unique index. Then those that are not were refused for a value of that. Not every server
 * finds many ids by its index, so that they are only looked for where it must be.
 */
async function settled(collection: Collection, documents: readonly Document[], errors: DocumentErrors): Promise<DocumentErrors> {
  if (!(await hasUniqueIndex(collection))) return { ...errors, perhaps: [] };
  const ids = errors.perhaps.map(({ index }) => documents[index]!['_id'] as string);
  const found = await collection.find({ _id: { $in: ids as never[] } }, { projection: { _id: 1 } }).toArray();
  const there = new Set(found.map(({ _id }) => String(_id)));
  const refused = errors.perhaps.filter((_, i) => !there.has(ids[i]!));
  return { ...errors, refused: [...errors.refused, ...refused], perhaps: [] };
}
