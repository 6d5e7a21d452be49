/**
 * liblognorm rulebases in TypeScript.
 *
 * `loadRulebase` reads a rulebase, `Rulebase` normalizes lines, the `as...` functions write events in other formats.
 */
export { asCeeSyslog, asCsv, asJson, asRfc5424, asXml } from './encode/api.ts';
export { Batch } from './batch.ts';
export { ByteSink } from './encode/sink.ts';
export type { EventVisitor } from './encode/visit.ts';
export { decodeText } from './bytes.ts';
export type { Diagnostic, DiagnosticCode, Severity } from './errors.ts';
export { formatDiagnostic, RulebaseLoadError } from './errors.ts';
export type { Explanation, RuleReport } from './explain/explain.ts';
export type { JsonObject, JsonValue, PlainObject, PlainValue } from './json-dialect/value.ts';
export { JsonNumber } from './json-dialect/value.ts';
export { LIMITS } from './limits.ts';
export type { LoadOptions, RulebaseSource } from './load.ts';
export { loadRulebase, loadRulebaseSync } from './load.ts';
export type { Rulebase } from './rulebase.ts';
export type { FileReader } from './rulebase/source.ts';
export { VERSION } from './version.ts';
