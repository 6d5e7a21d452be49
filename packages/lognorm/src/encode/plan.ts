/** What the writers know about a rulebase before any line comes. */
import type { JsonObject, JsonValue } from '../json-dialect/value.ts';
import { JsonNumber } from '../json-dialect/value.ts';
import { decodeText, toBytes } from '../bytes.ts';
import { NameFilter } from './names.ts';
import { writeJson, escapeJson } from '../json-dialect/write.ts';
import type { MatchState } from '../match/captures.ts';
import type { Field } from '../match/fields.ts';
import type { Annotations, Assignment } from '../rulebase/annotations.ts';
import type { Terminal } from '../v2/graph.ts';

export const TAGS_KEY = 'event.tags';
export const ORIGINAL_KEY = 'originalmsg';
export const UNPARSED_KEY = 'unparsed-data';
export const METADATA_KEY = 'metadata';

/** A line after matching. */
export interface Outcome {
  line: Uint8Array;
  from: number;
  end: number;
  /** Key of the terminal, -1 for no match. */
  terminal: number;
  state: MatchState;
  /** Fields that were set while matching and stay whatever the result (v1 `iptables`). */
  sticky: JsonObject | undefined;
}

/** The fields that follow the extracted ones for one terminal. */
export interface EndPlan {
  terminal: Terminal;
  assignments: readonly Assignment[];
  /** The members as JSON text, without and with `event.tags`. */
  bare: Uint8Array;
  tagged: Uint8Array;
  /** The same members as ordinary text. */
  members: readonly (readonly [name: string, value: string | readonly string[]])[];
  /** A member may overwrite another, so that the event must be built in memory. */
  slow: boolean;
}

export interface EventPlan {
  fields: readonly Field[];
  /** Names that events may have besides those that only a line tells. */
  names: NameFilter;
  ends: ReadonlyMap<number, EndPlan>;
  addOriginalMsg: boolean;
  addRuleLocation: boolean;
  /** The textual rule of a match; undefined unless asked for. */
  mockup: ((outcome: Outcome) => string) | undefined;
}

export interface EventPlanOptions {
  fields: readonly Field[];
  terminals: ReadonlyMap<number, Terminal>;
  topNames: ReadonlySet<string>;
  annotations: Annotations;
  addOriginalMsg: boolean;
  addRuleLocation: boolean;
  mockup: EventPlan['mockup'];
}

export function makeEventPlan(options: EventPlanOptions): EventPlan {
  const { fields, addOriginalMsg, addRuleLocation, mockup } = options;
  const ends = new Map<number, EndPlan>();
  for (const [id, terminal] of options.terminals) ends.set(id, endPlan(terminal, options));
  const names = new NameFilter();
  for (const name of [TAGS_KEY, ORIGINAL_KEY, METADATA_KEY]) names.add(name);
  for (const field of fields) names.add(field.name);
  for (const end of ends.values()) for (const [name] of end.assignments) names.add(name);
  return { fields, names, ends, addOriginalMsg, addRuleLocation, mockup };
}

function endPlan(terminal: Terminal, options: EventPlanOptions): EndPlan {
  const assignments = options.annotations.forTags(terminal.tags);
  const names = new Set(assignments.map(([name]) => name));
  const reserved = [TAGS_KEY, ORIGINAL_KEY, METADATA_KEY];
  const metadata = options.addRuleLocation || options.mockup !== undefined;
  const slow =
    metadata ||
    [...names].some((name) => options.topNames.has(name) || reserved.includes(name)) ||
    reserved.some((name) => options.topNames.has(name));
  const members = new Map<string, JsonValue>(assignments);
  const bare = membersText(members);
  const tags: JsonObject = terminal.tags.length === 0 ? new Map() : new Map([[TAGS_KEY, [...terminal.tags]]]);
  const tagged = membersText(new Map([...tags, ...members]));
  const plain: (readonly [string, string | readonly string[]])[] = [...new Map(assignments)].map(([name, value]) => [
    decodeText(name),
    decodeText(value),
  ]);
  if (terminal.tags.length > 0) plain.unshift([TAGS_KEY, terminal.tags.map(decodeText)]);
  return { terminal, assignments, bare: toBytes(bare), tagged: toBytes(tagged), members: plain, slow };
}

function membersText(members: JsonObject): string {
  return [...members].map(([key, value]) => `"${escapeJson(key)}": ${writeJson(value)}`).join(', ');
}

/** `{ "rule": { "mockup": ..., "location": { "file": ..., "line": n } } }`, as far as asked for. */
export function metadataOf(plan: EventPlan, end: EndPlan, outcome: Outcome): JsonObject | undefined {
  if (plan.mockup === undefined && !plan.addRuleLocation) return undefined;
  const rule: JsonObject = new Map();
  if (plan.mockup !== undefined) rule.set('mockup', plan.mockup(outcome));
  if (plan.addRuleLocation) {
    const line = new JsonNumber(String(end.terminal.line), true);
    rule.set(
      'location',
      new Map<string, JsonValue>([
        ['file', end.terminal.file],
        ['line', line],
      ]),
    );
  }
  return new Map([['rule', rule]]);
}
