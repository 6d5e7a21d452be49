import { existsSync } from 'node:fs';
import { Failure } from '../errors/failure.ts';
import type { Session } from '../session.ts';
import { fine, problem, type Finding } from './finding.ts';
import { examineDataDir, examineDisk, examineKernel, examineNode } from './local.ts';
import { examinePipeline } from './pipeline.ts';
import { examineService } from './service.ts';

/** Whether the service in question is this computer's: then its data directory and the kernel can be looked at. */
function localDataDir(session: Session): string | undefined {
  try {
    const { dataDir } = session.connection;
    if (dataDir !== undefined) return dataDir;
  } catch {
    // No service was found: its directory is what can be looked at.
    return existsSync(session.dataDir) ? session.dataDir : undefined;
  }
  return undefined;
}

function examineConnection(session: Session): Finding {
  try {
    const { url, urlFrom, keyFrom } = session.connection;
    return fine('connection', `the service is at ${url} (${urlFrom}); API key from ${keyFrom ?? 'nowhere'}`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return problem('connection', error.message, error.notes.join(' '));
  }
}

/** Every look at an installation, from the outside in; each tells what it could not see. */
export async function examine(session: Session): Promise<readonly Finding[]> {
  const connection = examineConnection(session);
  const findings: Finding[] = [examineNode(), connection];
  const dataDir = localDataDir(session);
  if (dataDir !== undefined) findings.push(...examineDataDir(dataDir), await examineDisk(session, dataDir), ...examineKernel());
  if (connection.level !== 'ok') return findings;
  const { reachable, findings: service } = await examineService(session);
  findings.push(...service);
  if (reachable) findings.push(...(await examinePipeline(session)));
  return findings;
}
