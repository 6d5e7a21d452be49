import { SyslogDecoder } from './decoder.ts';
import { Zone } from './zone.ts';
import { MemoryIntake, testTenant, type TestRow } from '../testing/memory-intake.ts';

export const TOKEN = '0ebcdb6a-fa82-4241-a806-0e936c01d801';
export const CREDENTIALS = `[meniscus tenant="acme" token="${TOKEN}"]`;
/** What messages in tests are received at. */
export const RECEIVED = Date.UTC(2026, 10, 24, 12) * 1000;

export const acme = testTenant(1, 'acme', TOKEN, ['sshd']);

export interface DecodeOptions {
  readonly boundTo?: string;
  readonly zone?: string;
  readonly received?: number;
  readonly problem?: string;
  readonly originalLength?: number;
}

/** Decodes one message in an intake that knows the tenant acme. */
export function decode(message: string | Buffer, options: DecodeOptions = {}): { intake: MemoryIntake; rows: readonly TestRow[] } {
  const intake = new MemoryIntake(acme);
  const decoder = new SyslogDecoder(intake, new Zone(options.zone), options.boundTo);
  const buffer = Buffer.from(message);
  decoder.begin(buffer, '192.0.2.7', options.received ?? RECEIVED);
  decoder.frame(buffer, 0, buffer.length, false, options.originalLength ?? 0, options.problem ?? '');
  return { intake, rows: intake.rows };
}

/** The one event that a message of a listener bound to acme becomes. */
export function event(message: string | Buffer, options: DecodeOptions = {}): TestRow {
  const { rows } = decode(message, { boundTo: 'acme', ...options });
  if (rows.length !== 1) throw new Error(`${rows.length} events from ${String(message)}`);
  return rows[0]!;
}
