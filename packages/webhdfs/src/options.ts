/** What a client is made with, and what it works with: checked, with every default filled in. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { KeyObject } from 'node:tls';
import type { WebHdfsError } from './errors.ts';

/** Certificates, each as PEM text, a buffer or several of them, as `node:tls` takes them. */
export interface TlsOptions {
  /** Authorities to trust in place of the well-known ones. */
  ca?: string | Buffer | (string | Buffer)[] | undefined;
  /** The client's own certificate and key, where the server wants one. */
  cert?: string | Buffer | undefined;
  key?: string | Buffer | KeyObject[] | undefined;
  passphrase?: string | undefined;
  /** False trusts any certificate: for experiments only. */
  rejectUnauthorized?: boolean | undefined;
}

/** One failed attempt that is going to be repeated. */
export interface RetryNotice {
  error: WebHdfsError;
  /** 1 for the first failed attempt of a call. */
  attempt: number;
  /** Milliseconds until the next one; 0 when another name node is asked at once. */
  delayMs: number;
}

export interface WebHdfsOptions {
  /**
   * `http://host:9870` or `https://host:9871` of the name node, of an HttpFS (`http://host:14000`) or of a gateway with a path before `/webhdfs/v1`
   * (`https://host:8443/gateway/default`). Several are the name nodes of one highly available cluster: the active one is found and remembered.
   */
  url: string | URL | readonly (string | URL)[];
  /** Pseudo authentication: the account that a cluster without security believes. Not sent beside a delegation token. */
  user?: string | undefined;
  /** Authentication by a Hadoop delegation token, as `tokens.get()` or `hdfs fetchdt` give it. */
  delegationToken?: string | undefined;
  /** On behalf of this account, where the cluster lets `user` be its proxy. */
  doAs?: string | undefined;
  /** More headers for the configured URLs, such as `authorization` for a gateway. A redirect to another origin does not get them. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Longest silence of a server, in milliseconds; whole calls take as long as they need (or until their `signal`). 60,000 by default. */
  timeoutMs?: number | undefined;
  /** Longest wait for a connection, TLS included, in milliseconds. 10,000 by default. */
  connectTimeoutMs?: number | undefined;
  /** How many times a call that is safe to repeat is repeated after a failure that may pass. 4 by default, 0 for never. Asking the other name nodes does not count. */
  retries?: number | undefined;
  /** The first pause between attempts is a random time up to `minMs`, the next up to twice that, and so on until `maxMs`. 200 and 10,000 by default. */
  backoff?: { minMs?: number | undefined; maxMs?: number | undefined } | undefined;
  tls?: TlsOptions | undefined;
  /** Follow a redirect from https to http, which sends data and token in the clear. False by default. */
  allowInsecureRedirects?: boolean | undefined;
  /** Changes the address that a server redirects to, for clusters behind a translation of addresses or with host names that only they can resolve. */
  mapRedirect?: ((location: URL) => URL) | undefined;
  /** Told of every attempt that is repeated: for logs and metrics. */
  onRetry?: ((notice: RetryNotice) => void) | undefined;
}

/** The options with every default filled in. */
export interface Settings {
  /** Each ends with `/webhdfs/v1`. */
  bases: string[];
  credentials: [name: string, value: string][];
  headers: Record<string, string>;
  timeoutMs: number;
  connectTimeoutMs: number;
  retries: number;
  backoff: { minMs: number; maxMs: number };
  tls: TlsOptions;
  /** Connections that are kept for the next idempotent call. */
  agents: { http: HttpAgent; https: HttpsAgent };
  allowInsecureRedirects: boolean;
  mapRedirect: (location: URL) => URL;
  onRetry: (notice: RetryNotice) => void;
  /** Takes the credentials, and `more`, out of a text that is not ours. */
  redact: (text: string, more?: string) => string;
}

/** Servers close idle connections too (Jetty after 60 s by default): ours are gone first. */
const IDLE_CONNECTION_MS = 5000;
const PREFIX = '/webhdfs/v1';

function base(url: string | URL): string {
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') throw new TypeError('a WebHDFS URL starts with http:// or https://');
  if (parsed.username !== '' || parsed.password !== '')
    throw new TypeError('a WebHDFS URL has no user and password: use `user`, `delegationToken` or `headers`');
  if (parsed.search !== '' || parsed.hash !== '') throw new TypeError('a WebHDFS URL has neither ? nor #');
  const path = parsed.pathname.replace(/\/+$/, '');
  return `${parsed.origin}${path.endsWith(PREFIX) ? path : path + PREFIX}`;
}

function count(name: string, value: number | undefined, fallback: number, min: number): number {
  if (value === undefined) return fallback;
  if (!Number.isSafeInteger(value) || value < min || value > 0x7fffffff)
    throw new TypeError(`${name} must be an integer from ${min} to 2147483647`);
  return value;
}

function credentialsOf(options: WebHdfsOptions): [string, string][] {
  const { user, delegationToken, doAs } = options;
  // A server refuses or ignores the other two beside a token, which already says who asks for whom.
  if (delegationToken !== undefined) return [['delegation', delegationToken]];
  const credentials: [string, string][] = [];
  if (user !== undefined) credentials.push(['user.name', user]);
  if (doAs !== undefined) credentials.push(['doas', doAs]);
  return credentials;
}

/** Shorter values are no secrets, but words that occur everywhere: `true`, `Basic`. */
const SECRET_LENGTH = 8;

/** Takes out the values of headers whole and by their words (a server may quote only what follows `Basic`), the token, and whatever stands as a token in a URL. */
function redactor(secrets: readonly string[]): (text: string, more?: string) => string {
  const known = secrets.flatMap((secret) => [secret, ...secret.split(' ')]).filter((secret) => secret.length >= SECRET_LENGTH);
  return (text, more) =>
    (more === undefined ? known : [...known, more])
      .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
      .replace(/\b(delegation|token)=[^&\s"']+/gi, '$1=[redacted]');
}

/** Checks the options; TypeError says which one is wrong. */
export function settle(options: WebHdfsOptions): Settings {
  const urls = Array.isArray(options.url) ? (options.url as readonly (string | URL)[]) : [options.url as string | URL];
  if (urls.length === 0) throw new TypeError('url must name at least one server');
  const tls = options.tls ?? {};
  const minMs = count('backoff.minMs', options.backoff?.minMs, 200, 1);
  const kept = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  const headers = { ...options.headers };
  return {
    bases: urls.map(base),
    credentials: credentialsOf(options),
    headers,
    timeoutMs: count('timeoutMs', options.timeoutMs, 60_000, 1),
    connectTimeoutMs: count('connectTimeoutMs', options.connectTimeoutMs, 10_000, 1),
    retries: count('retries', options.retries, 4, 0),
    backoff: { minMs, maxMs: Math.max(minMs, count('backoff.maxMs', options.backoff?.maxMs, 10_000, 1)) },
    tls,
    agents: { http: new HttpAgent(kept), https: new HttpsAgent({ ...kept, ...tls }) },
    allowInsecureRedirects: options.allowInsecureRedirects ?? false,
    mapRedirect: options.mapRedirect ?? ((location) => location),
    onRetry: options.onRetry ?? (() => undefined),
    redact: redactor([options.delegationToken ?? '', ...Object.values(headers)]),
  };
}
