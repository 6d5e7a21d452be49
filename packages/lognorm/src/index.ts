export { Batch } from './batch.ts';
export { ByteSink } from './encode/sink.ts';
export { loadRulebase, loadRulebaseSync } from './load.ts';
export { Rulebase } from './rulebase.ts';
