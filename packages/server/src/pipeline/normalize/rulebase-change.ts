import { limits } from '../../limits.ts';

/** The text of a rulebase as threads share it: one memory for all. */
export interface RulebaseSource {
  /** The same for the same text, whoever it belongs to. */
  readonly key: string;
  /** UTF-8, over shared memory. */
  readonly bytes: Uint8Array;
}

/** What threads are told of rulebases: at their start all there are, then each change. */
export interface RulebaseChange {
  /** Internal number; null: a shipped one, for all. */
  readonly tenant: number | null;
  readonly name: string;
  /** undefined: there is none any more. */
  readonly source: RulebaseSource | undefined;
}

/** What became of events whose producer has a rulebase, since its last change or the start of the service. */
export interface UnparsedReport {
  readonly matched: number;
  /** No rule matched, or the work limit was met. */
  readonly unparsed: number;
  /** Of `unparsed`: stopped by the work limit, or with too large a result. */
  readonly limited: number;
  /** Not tried: too long, or the tenant's rulebases cost too much. */
  readonly skipped: number;
  /** Newest first. `time`: when it was received, microseconds. */
  readonly samples: readonly { readonly time: number; readonly msg: string }[];
}

/** The reports of several threads as one. */
export function mergeReports(reports: readonly (UnparsedReport | undefined)[]): UnparsedReport {
  const found = reports.filter((report) => report !== undefined);
  const sum = (read: (report: UnparsedReport) => number): number => found.reduce((total, report) => total + read(report), 0);
  const samples = found.flatMap((report) => report.samples).sort((a, b) => b.time - a.time);
  return {
    matched: sum((report) => report.matched),
    unparsed: sum((report) => report.unparsed),
    limited: sum((report) => report.limited),
    skipped: sum((report) => report.skipped),
    samples: samples.slice(0, limits.unparsedSamples),
  };
}

/** The same for all producers of a thread together, since its start. */
export interface NormalizeTotals {
  readonly matched: number;
  readonly unparsed: number;
  readonly limited: number;
  readonly skipped: number;
  /** Rulebases loaded, and how long that took in all. */
  readonly loads: number;
  readonly loadMs: number;
}
