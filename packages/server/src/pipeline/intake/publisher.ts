import { MeniscusError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { StoreSink } from '../../sinks/store/store-sink.ts';
import type { ToIngest } from '../../threads/ingest-messages.ts';
import type { Directory } from '../authenticate/directory.ts';
import { decompress, UndecodableBody } from '../decode/decompress.ts';
import { jobId, PublishDecoder, untilRelief, type Decoded } from '../decode/publish.ts';
import { REDRIVE, type PublishResult } from '../ingest.ts';
import type { Appender } from './appender.ts';
import type { ThreadIntake } from './intake.ts';
import type { Letter } from './refusals.ts';
import type { TenantUsage } from './tenant-usage.ts';

type PublishMessage = Extract<ToIngest, { type: 'publish' }>;

/** A body that was refused as a whole, with the dead letter to keep of it, if any. */
export class BodyRefused extends Error {
  readonly letters: readonly Letter[];
  constructor(cause: unknown, letters: readonly Letter[]) {
    super('the body was refused', { cause });
    this.letters = letters;
  }
}

/** Carries publish bodies from their bytes to the disk. */
export class Publisher {
  private readonly intake: ThreadIntake;
  private readonly store: StoreSink;
  private readonly directory: Directory;
  private readonly usage: TenantUsage;
  private readonly decoder: PublishDecoder;
  private readonly shard: number;
  private readonly node: number;

  constructor(parts: {
    intake: ThreadIntake;
    appender: Appender;
    store: StoreSink;
    directory: Directory;
    usage: TenantUsage;
    shard: number;
    node: number;
  }) {
    this.intake = parts.intake;
    this.store = parts.store;
    this.directory = parts.directory;
    this.usage = parts.usage;
    this.shard = parts.shard;
    this.node = parts.node;
    this.decoder = new PublishDecoder(parts.intake, () => parts.appender.durable);
  }

  /** Resolves when the accepted events are on disk and searches find them. Throws BodyRefused. */
  async publish(message: PublishMessage): Promise<{ readonly result: PublishResult; readonly letters: readonly Letter[] }> {
    const decoded = await this.decode(message);
    this.reject(message, decoded.rejected);
    const positions = new Map<unknown, number>();
    try {
      for (const durable of decoded.durables) {
        const position = await durable.position;
        positions.set(durable, position);
        await this.store.arrived(position + 1);
      }
    } catch (error) {
      throw new BodyRefused(error, []);
    }
    const { accepted, rejected, errors, logMessage, job } = decoded;
    const result: PublishResult = { accepted, rejected, errors, logMessage };
    const withJob =
      job === undefined
        ? result
        : { ...result, jobId: jobId(job, this.node, this.shard, positions.get(job.durable)!), jobSinks: job.sinks };
    return { result: withJob, letters: decoded.letters };
  }

  private async decode(message: PublishMessage): Promise<Decoded> {
    const tenant = this.directory.numbered(message.tenant);
    if (tenant === undefined) throw new BodyRefused(new MeniscusError('message_not_authenticated'), []);
    const raw = Buffer.from(message.body.buffer, message.body.byteOffset, message.body.byteLength);
    try {
      await untilRelief(this.intake);
      const plain = message.contentEncoding === '' ? raw : await decompress(raw, message.contentEncoding, limits.publishBodyBytes);
      const body = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
      return await this.decoder.decode(tenant, body, message.contentType, message.remote);
    } catch (error) {
      throw this.refused(error, message, raw);
    } finally {
      release(message.body);
    }
  }

  /** What is refused again when it is sent again was counted when it came. */
  private reject(message: PublishMessage, events: number): void {
    if (message.remote !== REDRIVE) this.usage.reject(message.tenant, events);
  }

  /** What cannot be parsed or decompressed is kept; what is too large, of an unknown type or has no room is not. Main counts the refusal. */
  private refused(error: unknown, message: PublishMessage, raw: Buffer): BodyRefused {
    const shown = error instanceof UndecodableBody ? new MeniscusError('malformed_json', error.message, { cause: error }) : error;
    if (!(shown instanceof MeniscusError) || shown.status !== 400) return new BodyRefused(shown, []);
    this.reject(message, 1);
    const letter = {
      tenant: message.tenant,
      reason: shown.code,
      text: shown.message,
      source: `http ${message.remote}`,
      raw: Uint8Array.prototype.slice.call(raw, 0, limits.deadLetterBytes),
    };
    return new BodyRefused(shown, [letter]);
  }
}

/** Frees a body's memory now, all of it having been copied: waiting for the garbage collector costs it a run for every few bodies. */
function release(body: Uint8Array): void {
  (body.buffer as ArrayBuffer).transfer(0);
}
