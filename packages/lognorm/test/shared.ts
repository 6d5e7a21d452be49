/** The sample cases, kept next to the repository and not part of it. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Case {
  input: string;
  expected?: Record<string, unknown>;
  expected_raw?: { contains?: string[]; equals?: string };
  match?: 'subset' | 'exact';
  recommended?: Record<string, unknown>;
  quirk?: string;
  native: { stdout: string; exit: number };
}

export interface CaseGroup {
  name: string;
  kind: 'normalize' | 'cli';
  version: 'v1' | 'v2';
  tier: string;
  options: { cli: string[]; format: string; load: 'file' | 'string'; env?: Record<string, string> };
  rulebase: { main: string; files: Record<string, string>; string?: string };
  cases: Case[];
}

export const SHARED = fileURLToPath(new URL('../../../../shared/', import.meta.url));

/** The cases, or undefined when they are not there. */
export function sharedCases(): CaseGroup[] | undefined {
  const path = `${SHARED}data/lognorm/cases.json`;
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as CaseGroup[]) : undefined;
}
