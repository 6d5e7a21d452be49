export { scriptCleanup, type Cleanup } from './cleanup.ts';
export { Client, type Answer, type CallOptions, type TestTenant } from './meniscus/client.ts';
export { MeniscusProcess, repository, serverMain, startProcess, type ProcessOptions, type RunFile } from './meniscus/process.ts';
export { sendTcp, sendUdp } from './net/send.ts';
export { temporaryDirectory } from './temporary-directory.ts';
export { until } from './wait.ts';
export { corpusLines, type CorpusLine } from './corpus/lines.ts';
export { pick, random } from './corpus/random.ts';
export { writeJsonCorpus, writeSyslogCorpus, type CorpusFile, type CorpusOptions } from './corpus/write.ts';
