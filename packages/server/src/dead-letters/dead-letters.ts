/** What was refused, kept so that it can be looked at and sent again: bounded for each tenant and for the operator, the oldest goes first and is counted. */
export interface DeadLetter {
  readonly id: string;
  /** ISO 8601, when it was refused. */
  readonly time: string;
  readonly reason: string;
  /** One sentence: what was wrong. */
  readonly text: string;
  readonly source: string;
  readonly sink: string | null;
  readonly raw: string;
  readonly encoding: 'utf8' | 'base64';
}

/** `tenant` is its internal number, null for the operator. */
export interface DeadLetters {
  /** Durable when it resolves. `raw` above limits.deadLetterBytes (of a sink's: limits.deadLetterDocumentBytes) is cut. */
  add(
    letters: readonly {
      readonly tenant: number | null;
      readonly reason: string;
      readonly text: string;
      readonly source: string;
      readonly sink?: string;
      readonly raw: Uint8Array;
    }[],
  ): Promise<void>;
  list(
    tenant: number | null,
    options: { readonly reason?: string; readonly sink?: string; readonly cursor?: string; readonly limit: number },
  ): { readonly deadLetters: readonly DeadLetter[]; readonly next: string | null };
  get(tenant: number | null, id: string): DeadLetter | undefined;
  delete(
    tenant: number | null,
    which: { readonly ids?: readonly string[]; readonly reason?: string; readonly sink?: string },
  ): Promise<number>;
  /** All of a deleted tenant. */
  drop(tenant: number): Promise<void>;
  /** Kept now, and how many went because of the limit, since the start. */
  stats(): { readonly kept: number; readonly dropped: number };
  close(): Promise<void>;
}
