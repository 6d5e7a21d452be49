export interface UsageHour {
  /** ISO 8601, the hour's begin. */
  readonly hour: string;
  /** Stored and rejected ones. */
  readonly events_in: number;
  /** Of those stored. */
  readonly bytes_in: number;
  readonly stored: number;
  readonly rejected: number;
}

/** Events and bytes per tenant and hour, kept 400 days. `tenant` is its internal number. */
export interface Usage {
  /** Adds to the current hour; written durably every few seconds and at close. */
  add(
    tenant: number,
    counts: { readonly eventsIn: number; readonly bytesIn: number; readonly stored: number; readonly rejected: number },
  ): void;
  /** Hours that overlap [from, to) in milliseconds, oldest first; hours without events are left out. */
  list(tenant: number, from: number, to: number): readonly UsageHour[];
  drop(tenant: number): Promise<void>;
  close(): Promise<void>;
}
