import { connect } from 'node:net';
import { textOf } from '../api/client.ts';
import { Failure } from '../errors/failure.ts';
import { ApiFailure } from '../errors/problem.ts';
import { version } from '../version.ts';
import { hostPort } from '../settings/addresses.ts';
import type { Session } from '../session.ts';
import { lookFailed } from './look.ts';
import { fine, problem, warning, type Finding } from './finding.ts';

const CLOCK_DIFFERENCE_S = 5;
/** Before this no service of this version can run. */
const FIRST_DAY = Date.UTC(2025, 0, 1);

/** Compares the service's clock with ours, taken from the Date of an answer (whole seconds). */
export function examineClock(date: string | undefined, sentMs: number, receivedMs: number): Finding {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return warning('clock', 'the service does not tell its time', 'Is there a proxy in between?');
  if (theirs < FIRST_DAY) return problem('clock', `the service thinks it is ${date}`, 'Set the clock of its computer; use NTP.');
  const off = theirs + 1_000 < sentMs ? sentMs - theirs - 1_000 : theirs > receivedMs ? theirs - receivedMs : 0;
  if (off / 1_000 < CLOCK_DIFFERENCE_S) return fine('clock', 'the clocks of the service and of this computer agree');
  const mend = 'Events without a time of their own get the wrong one: use NTP on both.';
  return warning('clock', `the clocks of the service and of this computer are ${Math.round(off / 1_000)} s apart`, mend);
}

async function examineReady(session: Session): Promise<Finding> {
  try {
    await session.client.text('/readyz', { anonymous: true });
    return fine('ready', 'the service is ready');
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const { detail, title } = error.problem;
    return problem(
      'ready',
      `the service is not ready: ${detail ?? title}`,
      'Wait when it has just started; else see what it says, and its log.',
    );
  }
}

function examineVersion(session: Session, theirs: string | undefined): Finding[] {
  const found = session.connection.run?.version ?? theirs;
  if (found === undefined || found === '') return [];
  if (found === version) return [fine('version', `service and command have version ${version}`)];
  return [
    warning(
      'version',
      `the service has version ${found}, this command ${version}`,
      'Use the command of the service, or restart the service after an upgrade.',
    ),
  ];
}

async function listens(address: string): Promise<boolean> {
  const place = hostPort(address);
  if (place === undefined) return false;
  return new Promise((resolve) => {
    const socket = connect({ ...place, timeout: 3_000 });
    const done = (ok: boolean): void => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => done(true));
    socket.once('timeout', () => done(false));
    socket.once('error', () => done(false));
  });
}

/** Whether the TCP listeners of run.json can be reached from here. UDP answers nobody. */
async function examinePorts(session: Session): Promise<Finding[]> {
  const { run } = session.connection;
  if (run === undefined) return [];
  const addresses = new Set([run.syslog.tcp, ...run.listeners.map((listener) => listener.tcp)].filter((address) => address !== undefined));
  const findings: Finding[] = [];
  for (const address of addresses) {
    if (await listens(address)) findings.push(fine('port', `syslog listens at ${address}`));
    else
      findings.push(
        problem('port', `nothing takes connections at ${address}`, 'Is a firewall in between? Restart the service and look at its log.'),
      );
  }
  return findings;
}

async function openApiVersion(session: Session): Promise<string | undefined> {
  const document = await session.client.json<{ info?: { version?: unknown } }>('/openapi.json', { anonymous: true }).catch(() => undefined);
  const found = document?.info?.version;
  return typeof found === 'string' ? found : undefined;
}

/** What anybody can see of the service by HTTP. */
export async function examineService(session: Session): Promise<{ readonly reachable: boolean; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  try {
    const sent = Date.now();
    const reply = await session.client.open('/livez', { anonymous: true });
    findings.push(fine('reachable', `${session.connection.url} answers`), examineClock(reply.headers.date, sent, Date.now()));
    await textOf(reply);
  } catch (error) {
    if (error instanceof Failure) return { reachable: false, findings: [lookFailed('reachable', error)] };
    throw error;
  }
  findings.push(await examineReady(session), ...examineVersion(session, await openApiVersion(session)), ...(await examinePorts(session)));
  return { reachable: true, findings };
}
