import { parentPort } from 'node:worker_threads';
import type { RulebaseJob } from './messages.ts';
import { runRulebase } from './run-rulebase.ts';

/** Rulebases of strangers are compiled and run here, so that a costly one holds up nothing but other tests; its owner ends the thread at a deadline. */
parentPort!.on('message', (job: RulebaseJob) => parentPort!.postMessage(runRulebase(job)));
