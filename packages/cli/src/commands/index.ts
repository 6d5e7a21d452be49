import type { AddCommand } from '../command.ts';
import { addBackup, addRestore } from './backup.ts';
import { addCompletion } from './completion.ts';
import { addConfig } from './config.ts';
import { addCount } from './count.ts';
import { addDeadLetters } from './dead-letters.ts';
import { addDoctor } from './doctor.ts';
import { addExport } from './export.ts';
import { addFacets } from './facets.ts';
import { addFields } from './fields.ts';
import { addHistogram } from './histogram.ts';
import { addKey } from './key.ts';
import { addLogin } from './login.ts';
import { addPipeline } from './pipeline.ts';
import { addProducer } from './producer.ts';
import { addRulebase } from './rulebase.ts';
import { addSaved } from './saved.ts';
import { addSearch } from './search.ts';
import { addSend } from './send.ts';
import { addStart } from './start.ts';
import { addStats } from './stats.ts';
import { addStatus } from './status.ts';
import { addStore } from './store.ts';
import { addTail } from './tail.ts';
import { addTenant } from './tenant.ts';
import { addToken } from './token.ts';
import { addUsage } from './usage.ts';
import { addValues } from './values.ts';

/** Every command, in the order of the help, under its heading. */
export const commands: readonly (readonly [heading: string, adds: readonly AddCommand[]])[] = [
  ['The service:', [addStart, addConfig, addLogin, addStatus, addPipeline, addDoctor, addStore, addBackup, addRestore]],
  ['Tenants:', [addTenant, addToken, addProducer, addKey, addRulebase, addUsage, addDeadLetters]],
  ['Events:', [addSend, addSearch, addTail, addCount, addHistogram, addFacets, addStats, addFields, addValues, addExport, addSaved]],
  ['This command:', [addCompletion]],
];
