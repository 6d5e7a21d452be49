import type { TenantView } from '../../control/tenant.ts';
import type { Intake } from '../source.ts';
import { elementEnd, unescapeValue } from './structured-data.ts';

/** Senders whose credentials are remembered; when full the cache starts afresh. */
const CACHE_MAX = 20_000;
/** A longer element is not taken for credentials: ids have at most 256 characters, and each may be four bytes and escaped. */
const ELEMENT_MAX = 4_096;
const SPACE = 0x20;
const GREATER = 0x3e;
/** Elements whose bytes are compared at once. */
const SLOTS = 1 << 12;
/** The bytes of an element that choose its slot: behind `[meniscus tenant="`, most of them of the id and the token. */
const SAMPLE_FROM = 18;
const SAMPLE_TO = 42;
/** The beginning of the element that carries credentials. */
const HEAD = Buffer.from('[meniscus', 'latin1');
const PARAMETER = /\s([^\s="\]]+)="((?:\\.|[^"\\])*)"/g;

/** Whether an element of structured data at `at` is named `meniscus` or `meniscus@` and an enterprise number. */
export function isCredentialsHead(buffer: Buffer, at: number, to: number): boolean {
  let i = at + HEAD.length;
  if (i >= to || buffer[at + 1] !== 0x6d) return false;
  for (let k = 2; k < HEAD.length; k++) if (buffer[at + k] !== HEAD[k]) return false;
  if (buffer[i] === 0x40) {
    i++;
    while (i < to && ((buffer[i]! - 48) >>> 0 <= 9 || buffer[i] === 0x2e)) i++;
  }
  return i < to && (buffer[i] === 0x20 || buffer[i] === 0x5d);
}

function slotOf(buffer: Buffer, at: number): number {
  let hash = 0;
  if (at + SAMPLE_TO > buffer.length) return 0;
  for (let i = at + SAMPLE_FROM; i < at + SAMPLE_TO; i++) hash = (Math.imul(hash, 31) + buffer[i]!) | 0;
  return (hash ^ (hash >>> 12)) & (SLOTS - 1);
}

/**
 * Position of the next credentials element within a buffer, found once however many messages are asked about: most messages have none in their text.
 */
export class CredentialsFinder {
  private buffer: Buffer | undefined;
  private at = -1;

  /** Another buffer, or other bytes in the same one. */
  reset(buffer: Buffer): void {
    this.buffer = buffer;
    this.at = -1;
  }

  /** Position of `[meniscus` from `from` on, if it lies before `to`; else -1. */
  find(buffer: Buffer, from: number, to: number): number {
    if (buffer !== this.buffer) this.reset(buffer);
    if (this.at < from) {
      const found = buffer.indexOf(HEAD, from);
      this.at = found < 0 ? buffer.length : found;
    }
    return this.at < to ? this.at : -1;
  }
}

/** Hides the values of everything called token, and in a text about meniscus every UUID, in bytes read as Latin-1. */
export function maskSecrets(text: string): string {
  const masked = text.replace(/(token["']?\s*[=:]\s*)("(?:\\.|[^"\\])*"?|[^\s\]",;]+)/gi, '$1"***"');
  return /meniscus/i.test(text) ? masked.replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, '***') : masked;
}

/** Hides the tokens of a tenant wherever they are in a text. */
export function maskTokens(text: string, tenant: TenantView): string {
  const { valid, previous } = tenant.token;
  let masked = valid === '' ? text : text.replaceAll(valid, '***');
  if (previous !== null && previous !== '') masked = masked.replaceAll(previous, '***');
  return masked;
}

/**
 * Finds the tenant that a credentials element speaks for. The bytes of a sender's element are always the same: they are compared with those of an element
 * known to be good, without making a string of them; or else looked up as one string.
 */
export class Credentials {
  private readonly intake: Intake;
  private readonly known = new Map<string, TenantView>();
  /** Of the element that `recent` found: where it ends. */
  end = 0;
  private readonly slots: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  private readonly slotTenants: (TenantView | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  private version = -1;

  constructor(intake: Intake) {
    this.intake = intake;
  }

  /** Forgets what changes of tenants may have made wrong: called before each chunk. */
  refresh(): void {
    if (this.version === this.intake.directoryVersion) return;
    this.version = this.intake.directoryVersion;
    this.known.clear();
    this.slots.fill(undefined);
  }

  /** The tenant of the element at `at`, if its bytes are those of a good one met before; then `end` says where it ends. */
  recent(buffer: Buffer, at: number, to: number): TenantView | undefined {
    const slot = slotOf(buffer, at);
    const known = this.slots[slot];
    if (known === undefined || at + known.length > to) return undefined;
    for (let i = 0; i < known.length; i++) if (known.charCodeAt(i) !== buffer[at + i]!) return undefined;
    this.end = at + known.length;
    return this.slotTenants[slot];
  }

  /** The tenant of the element in [from, to); undefined when it names none, or its token is not the tenant's. Only good ones are remembered. */
  tenantOf(buffer: Buffer, from: number, to: number): TenantView | undefined {
    const recent = this.recent(buffer, from, to);
    if (recent !== undefined && this.end === to) return recent;
    const text = buffer.latin1Slice(from, Math.min(to, from + ELEMENT_MAX));
    const known = this.known.get(text);
    if (known !== undefined) return this.remember(buffer, from, text, known);
    const tenant = this.authenticate(Buffer.from(text, 'latin1').utf8Slice());
    // What does not end with the element differs in each message.
    if (tenant === undefined || !text.endsWith(']')) return tenant;
    if (this.known.size >= CACHE_MAX) this.known.clear();
    this.known.set(text, tenant);
    return this.remember(buffer, from, text, tenant);
  }

  private remember(buffer: Buffer, from: number, text: string, tenant: TenantView): TenantView {
    const slot = slotOf(buffer, from);
    this.slots[slot] = text;
    this.slotTenants[slot] = tenant;
    return tenant;
  }

  private authenticate(element: string): TenantView | undefined {
    let id: string | undefined;
    let token: string | undefined;
    for (const [, name, value] of element.matchAll(PARAMETER)) {
      if (name === 'tenant') id ??= unescapeValue(value!);
      else if (name === 'token') token ??= unescapeValue(value!);
    }
    return id === undefined || token === undefined ? undefined : this.intake.authenticate(id, token);
  }
}

/** What `CredentialsStripper.strip` found. */
export interface Stripped {
  /** The text without credentials. */
  readonly buffer: Buffer;
  /** There was an element that was cut out. */
  readonly found: boolean;
  /** Whom it speaks for. */
  readonly tenant: TenantView | undefined;
  /** There was more of it than that one element. */
  readonly copies: boolean;
}

/** The text without [from, to), and without the space after it if there is one before it. */
function cut(buffer: Buffer, start: number, from: number, to: number, end: number): Buffer {
  const rest = to + (spareSpace(buffer, start, from, to, end) ? 1 : 0);
  const text = Buffer.allocUnsafe(from - start + end - rest);
  buffer.copy(text, 0, start, from);
  buffer.copy(text, from - start, rest, end);
  return text;
}

function spareSpace(buffer: Buffer, start: number, from: number, to: number, end: number): boolean {
  const before = from === start ? SPACE : buffer[from - 1]!;
  return to < end && buffer[to] === SPACE && (before === SPACE || before === GREATER);
}

/**
 * Removes credentials from texts: the first element is cut out, if `cutFirst`, and speaks for a tenant; the tokens of all others are masked. Not for the
 * common message, which has its credentials in the structured data and nowhere else.
 */
export function stripCredentials(
  credentials: Credentials,
  finder: CredentialsFinder,
  buffer: Buffer,
  from: number,
  to: number,
  cutFirst: boolean,
): Stripped {
  let text = '';
  let tenant: TenantView | undefined;
  let found = false;
  let done = from;
  for (let at = finder.find(buffer, from, to); at >= 0; at = finder.find(buffer, at, to)) {
    const end = isCredentialsHead(buffer, at, to) ? elementEnd(buffer, at, Math.min(to, at + ELEMENT_MAX)) : -1;
    text += buffer.latin1Slice(done, at);
    // Not an element after all: whatever it is, it and what follows must not show a token.
    if (end < 0) {
      text += maskSecrets(buffer.latin1Slice(at, to));
      done = to;
      break;
    }
    done = end;
    if (found || !cutFirst) text += maskSecrets(buffer.latin1Slice(at, end));
    else {
      found = true;
      tenant = credentials.tenantOf(buffer, at, end);
      if (finder.find(buffer, end, to) < 0) return { buffer: cut(buffer, from, at, end, to), found, tenant, copies: false };
      if (spareSpace(buffer, from, at, end, to)) done++;
    }
    at = end;
  }
  return { buffer: Buffer.from(text + buffer.latin1Slice(done, to), 'latin1'), found, tenant, copies: true };
}
