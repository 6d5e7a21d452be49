import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SinkConfig } from '../config/config.ts';
import { messageOf } from '../errors.ts';
import { sinkKind } from './index.ts';

export interface SinkCheck {
  readonly name: string;
  readonly type: string;
  /** Why the sink cannot be reached; undefined: it can. */
  readonly error: string | undefined;
}

/** Tries to reach each sink with its settings; harmless while a service writes to it. */
export async function checkSinks(configs: readonly SinkConfig[]): Promise<readonly SinkCheck[]> {
  return Promise.all(configs.map(checkSink));
}

async function checkSink({ name, type, settings, timeout_ms: timeoutMs }: SinkConfig): Promise<SinkCheck> {
  const stateDirectory = await mkdtemp(path.join(tmpdir(), 'meniscus-check-'));
  try {
    const { createWriter } = await sinkKind(type)!.load();
    const writer = createWriter(settings as never, { name, timeoutMs, stateDirectory, warn: () => {} });
    const signal = AbortSignal.timeout(2 * timeoutMs);
    try {
      if (writer.check === undefined) await writer.open(signal);
      else await writer.check(signal);
    } finally {
      await writer.close();
    }
    return { name, type, error: undefined };
  } catch (error) {
    return { name, type, error: messageOf(error) };
  } finally {
    await rm(stateDirectory, { recursive: true });
  }
}
