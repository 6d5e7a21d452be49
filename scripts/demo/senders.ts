import { once } from 'node:events';
import net from 'node:net';
import type { DemoEvent } from './events.ts';

/** Where the demo's events go, and as whom. */
export interface Target {
  readonly http: string;
  /** `host:port` */
  readonly syslog: string;
  readonly tenant: string;
  readonly token: string;
}

export interface Timed extends DemoEvent {
  /** Milliseconds since the epoch. */
  readonly ms: number;
}

/** The syslog facilities of the demo's programs: sshd is auth, the others local0. */
function priority({ app, severity }: DemoEvent): number {
  return (app === 'sshd' ? 4 : 16) * 8 + severity;
}

/** RFC 5424 with the credentials as structured data; the octet count before it is RFC 6587's. */
export function syslogMessage(event: Timed, { tenant, token }: Target): string {
  const { host, app, text, more, ms } = event;
  const pairs = Object.entries(more).map(([name, value]) => ` ${name}="${String(value)}"`);
  const data = pairs.length === 0 ? '' : `[demo@32473${pairs.join('')}]`;
  const credentials = `[meniscus@32473 tenant="${tenant}" token="${token}"]`;
  const message = `<${priority(event)}>1 ${new Date(ms).toISOString()} ${host} ${app} ${process.pid} - ${credentials}${data} ${text}`;
  return `${Buffer.byteLength(message)} ${message}`;
}

const LEVELS = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as const;

async function publish(events: readonly Timed[], { http, tenant, token }: Target): Promise<void> {
  const lines = events.map(({ ms, host, app, severity, text, more }) =>
    JSON.stringify({ time: new Date(ms).toISOString(), host, app, level: LEVELS[severity], message: text, ...more }),
  );
  const answer = await fetch(`${http}/v1/tenant/${encodeURIComponent(tenant)}/publish`, {
    method: 'POST',
    headers: { 'message-token': token, 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });
  if (!answer.ok) throw new Error(`publish was answered ${answer.status}: ${await answer.text()}`);
  await answer.body?.cancel();
}

async function stream(events: readonly Timed[], target: Target): Promise<void> {
  const at = target.syslog.lastIndexOf(':');
  const socket = net.connect(Number(target.syslog.slice(at + 1)), target.syslog.slice(0, at).replace(/^\[|\]$/g, ''));
  socket.resume();
  socket.end(events.map((event) => syslogMessage(event, target)).join(''));
  await once(socket, 'close');
}

/** Sends each event the way its program would. Rejects when the service refuses. */
export async function sendAll(events: readonly Timed[], target: Target): Promise<void> {
  const json = events.filter(({ by }) => by === 'json');
  const syslog = events.filter(({ by }) => by === 'syslog');
  await Promise.all([json.length > 0 ? publish(json, target) : undefined, syslog.length > 0 ? stream(syslog, target) : undefined]);
}
