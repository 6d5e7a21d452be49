import type { Refusal, SinkBatch, SinkContext, SinkTenant, SinkWriter, WriteResult } from '../writer.ts';
import { type Addressed, BulkBodies, type Piece } from './bulk-body.ts';
import { type Answer, ClusterClient, SilentServer } from './client.ts';
import { inPath } from './index-names.ts';
import { Indexes, type TenantIndex } from './indexes.ts';
import type { ElasticsearchSettings } from './kind.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { PieceSize } from './piece-size.ts';
import { productOf } from './product.ts';
import { Removal } from './removal.ts';
import { indexTemplate } from './template.ts';
import { failure, jsonOf } from './words.ts';

/** While the server works on one, the next is made. */
const IN_FLIGHT = 2;
/** Of the answer only this is needed; the other 95 % of it would be read for nothing. */
const BULK = '/_bulk?filter_path=items.create.status,items.create.error.type,items.create.error.reason,items.create.error.caused_by';

interface NodesAnswer {
  readonly nodes?: Readonly<Record<string, { readonly http?: { readonly max_content_length_in_bytes?: number } }>>;
}

/** What a call of `write` gathers. */
interface Writing extends Addressed {
  readonly refused: Refusal[];
  readonly again: number[];
  /** Indexes in which an earlier try has left events. */
  readonly unsure: Set<string>;
  error?: string;
}

export function createWriter(settings: ElasticsearchSettings, context: SinkContext): SinkWriter {
  return new ElasticsearchWriter(settings, context);
}

class ElasticsearchWriter implements SinkWriter {
  private readonly settings: ElasticsearchSettings;
  private readonly client: ClusterClient;
  private readonly indexes: Indexes;
  private readonly removal: Removal;
  private readonly bodies = new BulkBodies();
  private readonly pieceSize = new PieceSize();
  /** Bytes that the server takes in one request. */
  private requestBytes = Infinity;

  constructor(settings: ElasticsearchSettings, context: SinkContext) {
    const { prefix, mapped_fields_max: mappedFieldsMax } = settings;
    this.settings = settings;
    this.client = new ClusterClient(settings, context.timeoutMs);
    this.indexes = new Indexes({ client: this.client, prefix, mappedFieldsMax, warn: (text) => context.warn(text) });
    this.removal = new Removal(this.client, prefix);
  }

  async check(signal: AbortSignal): Promise<void> {
    await this.client.open();
    productOf(await this.client.call({ method: 'GET', path: '/' }, signal));
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.check(signal);
    this.indexes.forget();
    const { prefix, shards, replicas, refresh_interval: refresh, mapped_fields_max: mappedFieldsMax } = this.settings;
    const template = indexTemplate({ prefix, shards, replicas, refreshInterval: `${refresh}ms`, mappedFieldsMax });
    const put = await this.client.call({ method: 'PUT', path: `/_index_template/${prefix}`, body: JSON.stringify(template) }, signal);
    jsonOf(`cannot put the index template ${prefix}`, put);
    this.requestBytes = await this.longestRequest(signal);
  }

  async write(batch: SinkBatch, signal: AbortSignal): Promise<WriteResult> {
    const writing: Writing = { batch, indexes: await this.indexes.of(batch, signal), refused: [], again: [], unsure: new Set() };
    const sent: Promise<void>[] = [];
    try {
      for (let from = 0; from < batch.rows;) {
        const piece = await this.make(writing, from, batch.rows, signal);
        from = piece.to;
        await sent.at(-IN_FLIGHT);
        const sending = this.send(writing, piece, signal);
        // Its error is awaited below; until then it is nobody's.
        sending.catch(() => {});
        sent.push(sending);
      }
      await Promise.all(sent);
    } finally {
      await Promise.allSettled(sent);
    }
    for (const index of writing.unsure) await this.settle(index, signal);
    const { refused, again, error } = writing;
    return { refused, again: again.sort((a, b) => a - b), ...(error === undefined ? {} : { error }) };
  }

  async removeTenant(tenant: { readonly number: number; readonly id: string }, before: number, signal: AbortSignal): Promise<void> {
    this.indexes.forgetAll();
    await this.removal.tenant(tenant.id, before, signal);
  }

  async retain(tenants: readonly SinkTenant[], signal: AbortSignal): Promise<void> {
    this.indexes.forget();
    await this.removal.expired(tenants, Date.now(), signal);
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  /** The request of the next rows, as many as are to be in one. Names that come new are mapped first, and the rows made again with them. */
  private async make(writing: Writing, from: number, to: number, signal: AbortSignal): Promise<Piece> {
    const piece = this.bodies.make(writing, from, to, this.pieceSize.bytes);
    const wanting = new Set<TenantIndex>();
    for (let row = from; row < piece.to; row++) if (writing.indexes[row]!.mapped.wanted.size > 0) wanting.add(writing.indexes[row]!);
    let isNew = false;
    for (const index of wanting) isNew = (await this.indexes.map(index, signal)) || isNew;
    if (!isNew) return piece;
    this.bodies.release(piece);
    return this.bodies.make(writing, from, piece.to, this.pieceSize.bytes);
  }

  private async send(writing: Writing, piece: Piece, signal: AbortSignal): Promise<void> {
    const { from, to, bytes: body } = piece;
    if (body.length > this.requestBytes)
      return this.tooLarge(writing, piece, `${body.length} bytes, and the server takes ${this.requestBytes}`, signal);
    const answer = await this.post(body, signal);
    if (answer.status === 413) return this.tooLarge(writing, piece, `413 of ${answer.url}: ${body.length} bytes`, signal);
    // Only now: the socket of a request that failed may still hold them.
    this.bodies.release(piece);
    this.note(writing, from, outcomeOf(answer, to - from));
  }

  private async post(body: Buffer, signal: AbortSignal): Promise<Answer> {
    try {
      const answer = await this.client.call({ method: 'POST', path: BULK, body, lines: true }, signal);
      this.pieceSize.answered();
      return answer;
    } catch (error) {
      if (error instanceof SilentServer) this.pieceSize.silent(body.length);
      throw error;
    }
  }

  /** Halves a request until the event that is too large is alone. */
  private async tooLarge(writing: Writing, { from, to, bytes }: Piece, text: string, signal: AbortSignal): Promise<void> {
    if (to - from === 1) {
      writing.refused.push({ row: from, text: `the event is too large for one request: ${text}` });
      this.pieceSize.onlyEvent();
      return;
    }
    this.pieceSize.tooLarge(bytes.length);
    const middle = (from + to) >> 1;
    for (let at = from; at < to;) {
      const part = this.bodies.make(writing, at, at < middle ? middle : to, this.pieceSize.bytes);
      at = part.to;
      await this.send(writing, part, signal);
    }
  }

  private note(writing: Writing, from: number, outcome: Outcome): void {
    for (const { row, text } of outcome.refused) writing.refused.push({ row: from + row, text });
    for (const row of outcome.existing) writing.unsure.add(writing.indexes[from + row]!.name);
    for (const row of outcome.again) writing.again.push(from + row);
    if (outcome.error !== undefined) writing.error ??= outcome.error;
    if (outcome.indexGone) this.indexes.forget();
  }

  /**
   * An earlier try whose answer never came may still be at work: its events are there, but the server says so before they are on its disk. A flush puts them there.
   */
  private async settle(index: string, signal: AbortSignal): Promise<void> {
    const answer = await this.client.call({ method: 'POST', path: `/${inPath(index)}/_flush` }, signal);
    // Whoever may not flush has at least the server's word.
    if (answer.status >= 500 || answer.status === 429) throw failure(`cannot flush the index ${index}`, answer);
  }

  /** `http.max_content_length` of the nodes; no limit is known where it may not be asked for. */
  private async longestRequest(signal: AbortSignal): Promise<number> {
    const path = '/_nodes/http?filter_path=nodes.*.http.max_content_length_in_bytes';
    const answer: Answer = await this.client.call({ method: 'GET', path }, signal);
    if (answer.status >= 300) return Infinity;
    const { nodes = {} } = jsonOf('cannot ask how long a request may be', answer) as NodesAnswer;
    return Math.min(...Object.values(nodes).map(({ http }) => http?.max_content_length_in_bytes ?? Infinity));
  }
}
