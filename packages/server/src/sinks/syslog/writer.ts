import { errorText } from '../error-text.ts';
import { WRITTEN, type SinkBatch, type SinkContext, type SinkWriter, type WriteResult } from '../writer.ts';
import { Connection } from './connection.ts';
import type { SyslogSettings } from './kind.ts';
import { counted, syslogMessage } from './message.ts';

/** Text written at once: then the receiver must have room before there is more. */
const PIECE_CHARS = 64 << 10;

export function createWriter(settings: SyslogSettings, context: SinkContext): SinkWriter {
  return new SyslogWriter(settings, context);
}

/**
 * Forwards events in order over one connection. Syslog confirms nothing, so an event counts as written when the system has it. A receiver that stands still is waited for on the same connection, and gets nothing
 * twice; after a break the batch under way is sent again from its beginning, since what the receiver has of it is not known.
 */
class SyslogWriter implements SinkWriter {
  private readonly settings: SyslogSettings;
  private readonly context: SinkContext;
  private connection: Connection | undefined;

  constructor(settings: SyslogSettings, context: SinkContext) {
    this.settings = settings;
    this.context = context;
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.named(async () => this.connected(signal));
  }

  async write(batch: SinkBatch, signal: AbortSignal): Promise<WriteResult> {
    await this.named(async () => this.forward(batch, await this.connected(signal), signal));
    return WRITTEN;
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    await connection?.close();
  }

  /** The connection, with nothing waiting in it; a new one when the receiver has closed it meanwhile. */
  private async connected(signal: AbortSignal): Promise<Connection> {
    const { timeoutMs } = this.context;
    if (this.connection !== undefined && (await this.connection.usable())) {
      await this.connection.settled(timeoutMs, signal);
      return this.connection;
    }
    await this.close();
    return (this.connection = await Connection.open(this.settings, timeoutMs, signal));
  }

  private async forward(batch: SinkBatch, connection: Connection, signal: AbortSignal): Promise<void> {
    for (const { bytes, ids } of pieces(batch, connection.handed)) {
      connection.send(bytes, ids);
      await connection.settled(this.context.timeoutMs, signal);
    }
    if (!(await connection.usable())) throw new Error('the receiver closed the connection');
    connection.handed.clear();
  }

  private async named<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new Error(`${this.settings.address}: ${errorText(error)}`, { cause: error });
    }
  }
}

/** A batch's messages without those that have been handed over. */
function* pieces(batch: SinkBatch, handed: ReadonlySet<string>): Generator<{ readonly bytes: Buffer; readonly ids: readonly string[] }> {
  let text = '';
  let ids: string[] = [];
  for (let row = 0; row < batch.rows; row++) {
    const id = batch.id(row);
    if (handed.has(id)) continue;
    text += counted(syslogMessage(batch.object(row), batch.tenant(row).id, id));
    ids.push(id);
    if (text.length < PIECE_CHARS) continue;
    yield { bytes: Buffer.from(text), ids };
    text = '';
    ids = [];
  }
  if (ids.length > 0) yield { bytes: Buffer.from(text), ids };
}
