import type { ProducerRecord, TenantRecord, TokenRecord } from './control.ts';
import type { TenantSettings, TenantView } from './tenant.ts';

/** A tenant as the control store holds it: one record, so that each change of it is one compare-and-set. */
export interface StoredTenant {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly token: TokenRecord;
  /** With the sinks as given: an empty list follows the configuration's defaults. */
  readonly producers: readonly ProducerRecord[];
  readonly next_producer_id: number;
  /** Only what was set: the rest follows the defaults. */
  readonly settings: Partial<TenantSettings>;
}

/** 2013's retention. */
export const defaultSettings: TenantSettings = { retention_days: 90 };

export function settingsOf(stored: StoredTenant): TenantSettings {
  return { ...defaultSettings, ...stored.settings };
}

export function producerRecord(producer: ProducerRecord, defaultSinks: readonly string[]): ProducerRecord {
  return producer.sinks.length > 0 ? producer : { ...producer, sinks: defaultSinks };
}

export function toRecord(stored: StoredTenant, defaultSinks: readonly string[]): TenantRecord {
  return {
    tenant_id: stored.id,
    tenant_name: stored.name,
    created_at: stored.created_at,
    event_producers: stored.producers.map((producer) => producerRecord(producer, defaultSinks)),
    token: stored.token,
    settings: settingsOf(stored),
  };
}

export function toView(stored: StoredTenant, defaultSinks: readonly string[]): TenantView {
  return {
    number: stored.number,
    id: stored.id,
    name: stored.name,
    token: { valid: stored.token.valid, previous: stored.token.previous },
    producers: stored.producers.map((producer) => producerRecord(producer, defaultSinks)),
    settings: settingsOf(stored),
  };
}

/** ISO 8601, UTC, microseconds and Z: the form of 2013's times. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
