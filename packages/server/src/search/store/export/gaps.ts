import { MeniscusError } from '../../../errors.ts';
import type { SearchContext } from '../scope.ts';

/** An export is never cut silently: what cannot be read ends it. */
export function refuseGaps({ budget }: SearchContext): void {
  if (budget.partialReason !== undefined) throw new MeniscusError('unavailable', `the export cannot be complete: ${budget.partialReason}`);
}
