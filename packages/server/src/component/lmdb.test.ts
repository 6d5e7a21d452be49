import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeniscusError } from '../errors.ts';
import { writeBatch, type Environment } from './lmdb.ts';

/** An environment whose commits fail like LMDB's: the cause comes as a promise that rejects. */
function failing(cause: unknown): Environment {
  const rejected = Promise.reject(cause);
  rejected.catch(() => {});
  const failure = Object.assign(new Error('Commit failed (see commitError for details)'), { commitError: rejected });
  return { batch: () => Promise.reject(failure) } as unknown as Environment;
}

test('a write that the disk has no room for is unavailable for now, any other failure is ours', async () => {
  for (const message of ['No space left on device: Attempting to write page', 'Disk quota exceeded', 'Input/output error']) {
    await assert.rejects(
      writeBatch(failing(new Error(message)), () => {}),
      (error) => error instanceof MeniscusError && error.code === 'unavailable' && error.extra.retryAfter! > 0,
    );
  }
  await assert.rejects(
    writeBatch(failing(new Error('MDB_BAD_TXN')), () => {}),
    (error) => !(error instanceof MeniscusError),
  );
});
