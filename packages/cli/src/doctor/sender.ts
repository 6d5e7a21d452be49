import { isIP } from 'node:net';
import { deadLetterPages, type DeadLetter } from '../api/dead-letters.ts';
import type { Pipeline } from '../api/pipeline.ts';
import { wrongUsage } from '../errors/failure.ts';
import { ApiFailure } from '../errors/problem.ts';
import { tenantPath, type Session } from '../session.ts';

/** Dead letters of one owner that are looked through, and those that are shown. */
const LOOKED_AT = 10_000;
const SHOWN = 10;

interface Refused extends DeadLetter {
  /** null: the operator's. */
  readonly tenant: string | null;
}

/** What can be done about a reason; the reasons are the documented ones of the dead letters. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /unauthenticated/,
    'No or wrong credentials: compare tenant and token with `meniscus tenant settings ID`; the token may have been rotated.',
  ],
  [/not_allowed|allow|address/, "The address is not in the listener's `allow`: add it to the configuration."],
  [/too_large|too_deep|limit/, 'The event breaks a limit: let the sender cut or split it.'],
  [/unparsable|malformed|json|^event_/, 'The sender writes something that is no event: compare with `meniscus tenant settings ID`.'],
  [/^refused/, 'A sink did not take it: mend what its words say, then `meniscus dead-letters redrive`.'],
  [/expired/, 'A sink was away for too long: when it is back, `meniscus dead-letters redrive`.'],
];

export function remedyFor(reason: string): string | undefined {
  return remedies.find(([pattern]) => pattern.test(reason))?.[1];
}

/** An IPv4 address in an IPv6 socket is the same sender. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').toLowerCase();
}

/** Whether a source, such as `syslog 10.0.0.1` or `http ::1`, is that sender. */
export function comesFrom(source: string, address: string): boolean {
  return source
    .split(/\s+/)
    .flatMap((word) => [word, word.replace(/^\[(.*)\](?::\d+)?$/, '$1'), word.replace(/^([^:]+):\d+$/, '$1')])
    .some((word) => plain(word) === plain(address));
}

/** The owners whose dead letters can be seen: the tenant that is named, or everybody. */
async function ownersOf(session: Session): Promise<readonly (string | null)[]> {
  const tenant = session.tenantIfAny();
  if (tenant !== undefined) return [null, tenant];
  const { tenants } = await session.client.json<{ tenants: readonly { tenant_id: string }[] }>('/v1/tenants');
  return [null, ...tenants.map((one) => one.tenant_id)];
}

async function refusedOf(session: Session, tenant: string | null, address: string): Promise<Refused[]> {
  const path = tenant === null ? '/v1/dead-letters' : tenantPath(tenant, 'dead-letters');
  const found: Refused[] = [];
  for await (const page of deadLetterPages(session, path, {}, LOOKED_AT)) {
    found.push(...page.letters.filter((letter) => comesFrom(letter.source, address)).map((letter) => ({ ...letter, tenant })));
    if (found.length >= SHOWN) break;
  }
  return found;
}

async function collect(session: Session, address: string): Promise<Refused[]> {
  const found: Refused[] = [];
  for (const tenant of await ownersOf(session)) {
    try {
      found.push(...(await refusedOf(session, tenant, address)));
    } catch (error) {
      // A tenant's key does not see the operator's.
      const hidden = error instanceof ApiFailure && tenant === null && error.problem.status === 403;
      if (!hidden) throw error;
    }
  }
  return found.sort((a, b) => (a.time < b.time ? 1 : -1)).slice(0, SHOWN);
}

function letterText(session: Session, letter: Refused): string {
  const { out } = session;
  const raw = letter.encoding === 'utf8' ? letter.raw : `(base64) ${letter.raw}`;
  return out.list([
    ['time', letter.time],
    ['refused as', letter.reason],
    ['what was wrong', letter.text],
    ['tenant', letter.tenant ?? '(none: the operator sees it)'],
    ['by', letter.source],
    ['sent', raw.length > 500 ? `${raw.slice(0, 500)}…` : raw],
    ['what to do', remedyFor(letter.reason)],
  ]);
}

/** Senders that no dead letter tells of: why that may be. */
async function nothingFound(session: Session, address: string): Promise<string> {
  const lines = [
    `Nothing from ${address} is among the dead letters that are kept: it was not refused, or long ago.`,
    'If its events are missing nevertheless:',
  ];
  const pipeline = await session.client.json<Pipeline>('/v1/pipeline').catch(() => undefined);
  const drops = (pipeline?.sources ?? []).reduce((sum, source) => sum + (source.kernel_drops ?? 0) + (source.congestion_drops ?? 0), 0);
  if (drops > 0) lines.push(`- ${drops} UDP packets were dropped: use TCP, or see \`meniscus doctor\`.`);
  const syslog = session.connection.run?.syslog.tcp ?? pipeline?.sources.find((source) => source.tcp !== undefined)?.tcp;
  lines.push(
    `- Does it send to the right address? Syslog listens at ${syslog ?? 'an address that this key cannot see'}, HTTP at ${session.connection.url}.`,
    '- Is a firewall or NAT in between? With NAT the service sees another address.',
    '- Search a longer time, by the time of receipt: meniscus search --from -7d',
  );
  return lines.join('\n');
}

/** What a sender sent last that was refused, and why. */
export async function investigate(session: Session, address: string): Promise<void> {
  if (isIP(address) === 0) throw wrongUsage(`${address} is no IP address`, 'Write it as the service sees it, like 10.0.0.5.');
  const found = await collect(session, address);
  const text = JSON.stringify({ sender: address, refused: found });
  const nothing = found.length === 0 && session.out.format === 'table' ? await nothingFound(session, address) : '';
  await session.out.answer<{ refused: readonly Refused[] }>(text, {
    items: 'refused',
    table: ({ refused }) => (refused.length === 0 ? nothing : refused.map((letter) => letterText(session, letter)).join('\n\n')),
  });
}
