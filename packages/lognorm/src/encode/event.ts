/** The event of a line as a value tree: fields, `event.tags`, annotations, `originalmsg`, `metadata`, in this order. */
import { byteString } from '../bytes.ts';
import type { JsonObject } from '../json-dialect/value.ts';
import type { EventPlan, Outcome } from './plan.ts';
import { metadataOf, METADATA_KEY, ORIGINAL_KEY, TAGS_KEY, UNPARSED_KEY } from './plan.ts';
import { addFields } from './tree.ts';

export function eventTree(plan: EventPlan, outcome: Outcome): JsonObject {
  const event: JsonObject = new Map(outcome.sticky);
  const end = plan.ends.get(outcome.terminal);
  const { line, from } = outcome;
  if (end === undefined) {
    event.set(ORIGINAL_KEY, byteString(line, from, outcome.end));
    return event.set(UNPARSED_KEY, byteString(line, outcome.state.far, outcome.end));
  }
  const { captures, count } = outcome.state;
  addFields(event, { fields: plan.fields, captures, line, end: outcome.end }, 0, count);
  if (end.terminal.tags.length > 0) event.set(TAGS_KEY, [...end.terminal.tags]);
  for (const [name, value] of end.assignments) event.set(name, value);
  if (plan.addOriginalMsg) event.set(ORIGINAL_KEY, byteString(line, from, outcome.end));
  const metadata = metadataOf(plan, end, outcome);
  return metadata === undefined ? event : event.set(METADATA_KEY, metadata);
}
