import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fakeService, type Answers, type Received } from './fake-service.testing.ts';
import { runCommand, type Outcome, type Surroundings } from './run-command.testing.ts';

export const whole = { partial: false, stats: { elapsed_ms: 1, scanned_events: 1, scanned_bytes: 1 } };
export const event = {
  id: 'e1',
  time: '2026-11-23T10:00:00.123456Z',
  level: 'info',
  severity: 6,
  host: 'web-01',
  pname: 'sshd',
  msg: 'hello',
};

export function folder(t: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'meniscus-cli-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs a command against a service that answers like this. */
export async function against(
  t: TestContext,
  answers: Answers,
  args: readonly string[],
  around: Surroundings = {},
): Promise<Outcome & { readonly requests: readonly Received[] }> {
  const service = await fakeService(t, answers);
  const env = { MENISCUS_URL: service.url, MENISCUS_API_KEY: 'msk_test', MENISCUS_TENANT: 'acme', ...around.env };
  return { ...(await runCommand(args, { ...around, env })), requests: service.requests };
}

export function page(events: readonly object[], next: string | null): string {
  return JSON.stringify({ events, next, ...whole });
}
