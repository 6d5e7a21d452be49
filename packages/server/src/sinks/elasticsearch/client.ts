import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { Pool } from 'undici';
import { errorText, masked } from '../error-text.ts';
import { readSecret } from '../secret-file.ts';
import { readTls } from '../tls-settings.ts';
import { basicCredentials, readUser } from '../user-password.ts';
import type { ElasticsearchSettings } from './kind.ts';

/** Connections to one node: two bulk requests and what else there is. */
const CONNECTIONS = 4;
const ANSWER_BYTES_MAX = 64 << 20;
const compress = promisify(gzip);

/** The request surely did not reach the server, or surely may be repeated: all of ours may. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_SOCKET',
]);

/** The server took a request and has not answered it within the time that it may take. */
export class SilentServer extends Error {
  override readonly name = 'SilentServer';
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The address that answered. */
  readonly url: string;
}

export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** With the slash at its beginning; names in it are encoded. */
  readonly path: string;
  /** JSON text, or lines of it. */
  readonly body?: string | Buffer;
  /** Whether a body is lines of JSON. */
  readonly lines?: boolean;
}

interface Node {
  readonly url: string;
  readonly base: string;
  readonly pool: Pool;
}

/**
 * Speaks HTTP with a cluster. Not the official clients, since each of them refuses the other product. A call goes to one node; when that cannot be reached, to the next one. An
 * answer of any status resolves; a server that is away or silent rejects with a text that says which.
 */
export class ClusterClient {
  private readonly settings: ElasticsearchSettings;
  private readonly timeoutMs: number;
  private nodes: Node[] = [];
  private current = 0;
  private authorization: string | undefined;

  constructor(settings: ElasticsearchSettings, timeoutMs: number) {
    this.settings = settings;
    this.timeoutMs = timeoutMs;
  }

  /** Reads the files of secrets and certificates, anew at each open, since they are renewed while the service runs. */
  async open(): Promise<void> {
    await this.close();
    const connect = { ...(await readTls(this.settings)), timeout: this.timeoutMs };
    this.authorization = await authorization(this.settings);
    this.nodes = this.settings.url.map((url) => {
      const { origin, pathname } = new URL(url);
      const pool = new Pool(origin, {
        connections: CONNECTIONS,
        connect,
        headersTimeout: 0,
        bodyTimeout: 0,
        maxResponseSize: ANSWER_BYTES_MAX,
      });
      return { url, base: pathname.replace(/\/$/, ''), pool };
    });
  }

  async close(): Promise<void> {
    const nodes = this.nodes;
    this.nodes = [];
    await Promise.all(nodes.map(async ({ pool }) => pool.destroy()));
  }

  async call(call: Call, signal: AbortSignal): Promise<Answer> {
    const zipped = call.body !== undefined && this.settings.compression === 'gzip';
    const body = zipped ? await compress(call.body, { level: constants.Z_BEST_SPEED }) : call.body;
    const headers = this.headers(call, zipped);
    // One more than there are nodes: a connection that idled may be closed at the moment of its use.
    for (let attempts = this.nodes.length + 1; ; attempts--) {
      const node = this.nodes[this.current % this.nodes.length];
      if (node === undefined) throw new Error('the connection to the cluster is closed');
      try {
        return await this.send(node, call, body, headers, signal);
      } catch (error) {
        this.current++;
        if (attempts === 1 || signal.aborted || !UNREACHABLE.has(codeOf(error))) throw error;
      }
    }
  }

  private headers({ body, lines = false }: Call, zipped: boolean): Record<string, string> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = lines ? 'application/x-ndjson' : 'application/json';
    if (zipped) headers['content-encoding'] = 'gzip';
    if (this.authorization !== undefined) headers['authorization'] = this.authorization;
    return headers;
  }

  /** What refuses a request may quote its headers, and ends in a last error that people read. */
  private withoutCredentials(text: string): string {
    const [, credentials] = this.authorization?.split(' ') ?? [];
    return credentials === undefined ? text : masked(text, [credentials]);
  }

  private async send(
    node: Node,
    call: Call,
    body: string | Buffer | undefined,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const late = AbortSignal.timeout(this.timeoutMs);
    try {
      const answer = await node.pool.request({
        method: call.method,
        path: node.base + call.path,
        headers,
        body: body ?? null,
        signal: AbortSignal.any([signal, late]),
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, text: answer.statusCode < 400 ? text : this.withoutCredentials(text), url: node.url };
    } catch (error) {
      if (late.aborted && !signal.aborted)
        throw new SilentServer(`${node.url} has not answered within ${this.timeoutMs} ms`, { cause: error });
      throw Object.assign(new Error(`cannot reach ${node.url}: ${errorText(error)}`, { cause: error }), { code: codeOf(error) });
    }
  }
}

async function authorization(settings: ElasticsearchSettings): Promise<string | undefined> {
  if (settings.api_key_file !== undefined) {
    const key = await readSecret(settings.api_key_file);
    return `ApiKey ${key.includes(':') ? Buffer.from(key).toString('base64') : key}`;
  }
  const user = await readUser(settings);
  return user && `Basic ${basicCredentials(user)}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
