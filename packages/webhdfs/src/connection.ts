/** Calls of the REST API: URL, credentials, the two steps, and what an answer means. Everything above this only names operations and parameters. */
import type { IncomingMessage } from 'node:http';
import { Answer } from './answer.ts';
import {
  failureOf,
  headerText,
  isRedirect,
  parse,
  prepare,
  stringField,
  tryParse,
  type Call,
  type CallOptions,
  type Parameters,
} from './call.ts';
import { ConnectionError, ResponseError, TimeoutError, type Peer, type WebHdfsError } from './errors.ts';
import { BodyStream, readAll, readStart, type Reading } from './http/body.ts';
import { exchange, ExchangeError } from './http/exchange.ts';
import { uploadOf, type Data, type Upload } from './http/upload.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import type { Settings } from './options.ts';
import { encodePath } from './path.ts';
import { errorOf } from './remote-exception.ts';
import { NameNodes, withRetries } from './retry.ts';

/** A listing of a million files is 300 MB: `list()` gives it in parts. */
const JSON_LIMIT_BYTES = 256 * 1024 * 1024;
const ERROR_LIMIT_BYTES = 64 * 1024;
/** Of a GET at the second step: a gateway may redirect once more. */
const MAX_REDIRECTS = 3;
/** The certificate will not become right by trying again. */
const CERTIFICATE_CODES = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/;
/** Wanted by servers with protection against cross-site requests; only its presence counts. */
const CSRF_HEADER = { 'x-xsrf-header': '""' };

/** Of a file, in bytes. The names are those of the parameters. */
export interface Range {
  offset?: number | undefined;
  length?: number | undefined;
  buffersize?: number | undefined;
}

interface Request {
  url: URL;
  peer: Peer;
  body: Upload | undefined;
  headers: Record<string, string>;
}

export class Connection {
  readonly #settings: Settings;
  readonly #nodes: NameNodes;
  /** Those of the bases that answer OPEN themselves. */
  readonly #gateways = new Set<string>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#nodes = new NameNodes(settings.bases);
  }

  /** The server that answered last. */
  get nameNode(): string {
    return this.#nodes.current;
  }

  close(): void {
    this.#settings.agents.http.destroy();
    this.#settings.agents.https.destroy();
  }

  /** An operation that is answered with JSON or with nothing (undefined). */
  async json(operation: OperationName, path: string, parameters: Parameters, options: CallOptions | undefined): Promise<Answer> {
    const call = prepare(operation, path, parameters, options);
    return this.#retried(call, (base) => this.#json(call, base));
  }

  async #json(call: Call, base: string): Promise<Answer> {
    return new Answer(call.operation, call.path, parse(call, await this.#text(call, await this.#answer(call, base))));
  }

  /** The content of a file. Attempts are repeated until the content begins; after that the stream fails. */
  open(path: string, range: Range, options: CallOptions | undefined): Promise<BodyStream> {
    const call = prepare('OPEN', path, { ...range }, options);
    return this.#retried(call, async (base) => {
      const { answer, reading } = await this.#content(call, range, base);
      return new BodyStream(answer, reading);
    });
  }

  /** The content of a file at once; attempts are repeated until it is there as a whole. */
  read(path: string, range: Range, limit: number, options: CallOptions | undefined): Promise<Buffer> {
    const call = prepare('OPEN', path, { ...range }, options);
    return this.#retried(call, async (base) => {
      const { answer, reading } = await this.#content(call, range, base);
      const tooLong = () => this.#responseError(call, answer, `the file has more than ${limit} bytes`);
      return readAll(answer, reading, limit, tooLong);
    });
  }

  /** CREATE or APPEND. `idempotent`: sending it twice gives the same file. */
  async send(
    operation: 'CREATE' | 'APPEND',
    path: string,
    data: Data,
    parameters: Parameters,
    options: CallOptions & { idempotent: boolean },
  ): Promise<void> {
    const call = { ...prepare(operation, path, parameters, options), upload: uploadOf(data), idempotent: options.idempotent };
    await this.#retried(call, async (base) => {
      const response = await this.#answer(call, base);
      await this.#text(call, response, 'datanode');
      response.destroy();
    });
  }

  #retried<T>(call: Call, attempt: (base: string) => Promise<T>): Promise<T> {
    const repeatable = () => call.upload?.repeatable() ?? true;
    return withRetries(this.#settings, this.#nodes, { idempotent: call.idempotent, repeatable, signal: call.signal }, attempt);
  }

  /** The successful answer of the last step. */
  async #answer(call: Call, base: string): Promise<IncomingMessage> {
    const url = this.#url(call, base);
    const answer = await this.#exchange(call, { url, peer: 'namenode', body: undefined, headers: this.#settings.headers });
    if (call.upload !== undefined) return this.#upload(call, call.upload, url, answer);
    return this.#follow(call, url, answer);
  }

  /**
   * OPEN. HttpFS answers it itself, and when the DataNodes fail it ends a file early as if that were all. So there the length is asked for: before the
   * content, as the file may grow meanwhile, but for the first time, when nobody knows yet that this is an HttpFS.
   */
  async #content(call: Call, range: Range, base: string): Promise<{ answer: IncomingMessage; reading: Reading }> {
    let length = this.#gateways.has(base) ? await this.#length(call, base) : undefined;
    const url = this.#url(call, base);
    const first = await this.#exchange(call, { url, peer: 'namenode', body: undefined, headers: this.#settings.headers });
    const answer = await this.#follow(call, url, first);
    const reading = this.#reading(call, 'datanode', true);
    if (answer !== first) return { answer, reading };
    this.#gateways.add(base);
    try {
      length ??= await this.#length(call, base);
    } catch (error) {
      answer.destroy();
      throw error;
    }
    const left = Math.max(0, length - (range.offset ?? 0));
    return { answer, reading: { ...reading, expected: Math.min(left, range.length ?? left) } };
  }

  async #length(call: Call, base: string): Promise<number> {
    return (await this.#json({ ...call, operation: 'GETFILESTATUS', query: '' }, base)).number('FileStatus', 'length');
  }

  #url(call: Call, base: string): URL {
    const credentials = this.#settings.credentials.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join('');
    const excluded = call.excluded.size === 0 ? '' : `&excludedatanodes=${encodeURIComponent([...call.excluded].join(','))}`;
    return new URL(`${base}${encodePath(call.path)}?op=${call.operation}${call.query}${excluded}${credentials}`);
  }

  async #follow(call: Call, origin: URL, first: IncomingMessage): Promise<IncomingMessage> {
    let [from, answer] = [origin, first];
    for (let redirects = 0; isRedirect(answer); redirects++) {
      if (redirects === MAX_REDIRECTS || OPERATIONS[call.operation].method !== 'GET') throw this.#unexpected(call, answer, 'a redirect');
      const url = await this.#location(call, from, answer);
      answer = await this.#secondStep(call, { url, peer: 'datanode', body: undefined, headers: this.#headersFor(url, origin) });
      from = url;
    }
    return answer;
  }

  /** Step two of CREATE and APPEND. A server that takes step one for the whole request would have made an empty file: that is an error. */
  async #upload(call: Call, body: Upload, origin: URL, first: IncomingMessage): Promise<IncomingMessage> {
    const url = await this.#location(call, origin, first);
    const answer = await this.#secondStep(call, { url, peer: 'datanode', body, headers: this.#headersFor(url, origin) });
    if (isRedirect(answer)) throw this.#unexpected(call, answer, 'a second redirect');
    return answer;
  }

  /** A DataNode that cannot be reached is not asked for again: name nodes know it by its address, some by its name too. */
  async #secondStep(call: Call, request: Request): Promise<IncomingMessage> {
    try {
      return await this.#exchange(call, request);
    } catch (error) {
      if (error instanceof ConnectionError) {
        call.excluded.add(request.url.hostname);
        const { cause } = error;
        if (cause instanceof ExchangeError && cause.address !== undefined) call.excluded.add(cause.address);
      }
      throw error;
    }
  }

  /** Where the first step sends us: the Location of a redirect, or of the JSON that some servers answer in its place. */
  async #location(call: Call, from: URL, answer: IncomingMessage): Promise<URL> {
    let location = headerText(answer.headers.location);
    const redirect = isRedirect(answer);
    const text = await this.#text(call, answer);
    if (!redirect) location = stringField(tryParse(text), 'Location');
    const status = answer.statusCode ?? 0;
    const refuse = (words: string) => new ResponseError(words, { ...failureOf(call), retriable: false, status });
    if (location === undefined || !URL.canParse(location, from.href)) throw refuse('the server did not say where the data is');
    const url = this.#settings.mapRedirect(new URL(location, from));
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw refuse(`the server redirects to ${url.protocol}, which is not followed`);
    if (from.protocol === 'https:' && url.protocol === 'http:' && !this.#settings.allowInsecureRedirects) {
      throw refuse(`the server redirects from https to http://${url.host}, which is only followed with allowInsecureRedirects`);
    }
    return url;
  }

  #headersFor(url: URL, from: URL): Record<string, string> {
    return url.origin === from.origin ? this.#settings.headers : {};
  }

  /** One request. The answer is a success or a redirect; everything else is thrown. */
  async #exchange(call: Call, request: Request): Promise<IncomingMessage> {
    const { method } = OPERATIONS[call.operation];
    const headers = method === 'GET' ? request.headers : { ...CSRF_HEADER, ...request.headers };
    const { url, peer, body } = request;
    // Step one of an upload changes nothing, so it may use a kept connection.
    const reuse = body === undefined && (call.idempotent || call.upload !== undefined);
    let answer: IncomingMessage;
    try {
      answer = await exchange({ url, method, headers, body, reuse, signal: call.signal }, this.#settings);
    } catch (error) {
      throw error instanceof ExchangeError ? this.#connectionError(call, request, error) : error;
    }
    const status = answer.statusCode ?? 0;
    if (isRedirect(answer) || (status >= 200 && status < 300)) return answer;
    const text = await readStart(answer, this.#reading(call, peer, true), ERROR_LIMIT_BYTES);
    answer.destroy();
    const redact = (words: string): string => this.#settings.redact(words, call.secret);
    const error = errorOf({ operation: call.operation, path: call.path, status, reason: answer.statusMessage ?? '', body: text, redact });
    // Perhaps because we ruled out all there are.
    if (error.retriable && peer === 'namenode') call.excluded.clear();
    throw error;
  }

  async #text(call: Call, answer: IncomingMessage, peer: Peer = 'namenode'): Promise<string> {
    const tooLong = () => this.#responseError(call, answer, `the answer is longer than ${JSON_LIMIT_BYTES} bytes`);
    return (await readAll(answer, this.#reading(call, peer, true), JSON_LIMIT_BYTES, tooLong)).toString('utf8');
  }

  #reading(call: Call, peer: Peer, mayHaveActed: boolean): Reading {
    const { timeoutMs, redact } = this.#settings;
    const broken = (words: string, silent: boolean, cause?: unknown) => {
      const type = silent ? TimeoutError : ConnectionError;
      return new type(redact(words), { ...failureOf(call), retriable: true, mayHaveActed, peer }, { cause });
    };
    return { timeoutMs, signal: call.signal, broken };
  }

  #connectionError(call: Call, { url, peer, body }: Request, error: ExchangeError): WebHdfsError {
    const code = (error.cause as NodeJS.ErrnoException | undefined)?.code ?? '';
    const words = `${url.protocol}//${url.host}: ${this.#settings.redact(error.message)}`;
    // The first step of an upload only asks where to send the data.
    const mayHaveActed = error.sent && (call.upload === undefined || body !== undefined);
    const failure = { ...failureOf(call), retriable: !CERTIFICATE_CODES.test(code), mayHaveActed, peer };
    return error.silent ? new TimeoutError(words, failure, { cause: error }) : new ConnectionError(words, failure, { cause: error });
  }

  #responseError(call: Call, answer: IncomingMessage, words: string): ResponseError {
    return new ResponseError(words, { ...failureOf(call), retriable: false, status: answer.statusCode ?? 0 });
  }

  #unexpected(call: Call, answer: IncomingMessage, what: string): ResponseError {
    answer.destroy();
    return this.#responseError(call, answer, `the server answered with ${what}, which is not followed here`);
  }
}
