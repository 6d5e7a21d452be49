import { Failure, reasonOf } from '../errors/failure.ts';
import { problem, type Finding } from './finding.ts';

/** A look that itself failed. */
export function lookFailed(check: string, error: unknown): Finding {
  const mend = error instanceof Failure ? error.notes.join(' ') : '';
  const what = error instanceof Failure ? error.message : reasonOf(error);
  return problem(check, what, mend === '' ? 'Look at the log of the service.' : mend);
}
