import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  MongoBulkWriteError,
  MongoNetworkError,
  MongoServerError,
  type BulkWriteResult,
  type WriteConcernError,
  type WriteError,
} from 'mongodb';
import { documentErrors, isDocumentFault } from './server-errors.ts';

interface Said {
  readonly index: number;
  readonly code: number;
  readonly errmsg: string;
}

/** As the driver makes them of a server's answer. */
function bulkError(
  said: readonly Said[],
  concern?: { readonly code: number; readonly errmsg: string },
  cause: Error = new MongoServerError({ message: 'bulk', code: said[0]?.code }),
): MongoBulkWriteError {
  const errors = said as unknown as WriteError[];
  const result = { getWriteErrors: () => errors, getWriteConcernError: () => concern as WriteConcernError | undefined } as BulkWriteResult;
  return new MongoBulkWriteError(cause, result);
}

suite("what MongoDB's errors mean", () => {
  test('an id that is there already is no error; another unique index is, and one that is not named may be', () => {
    const { refused, perhaps, again } = documentErrors(
      bulkError([
        { index: 0, code: 11_000, errmsg: 'E11000 duplicate key error collection: m.events index: _id_ dup key: { _id: "1" }' },
        { index: 1, code: 11_000, errmsg: 'E11000 duplicate key error index: m.events.$_id_ dup key: { : "1" }' },
        { index: 2, code: 11_000, errmsg: 'E11000 duplicate key error collection: m.events' },
        { index: 3, code: 11_000, errmsg: 'E11000 duplicate key error collection: m.events index: host_1 dup key: { host: "a" }' },
      ]),
    );
    assert.deepEqual(again, []);
    assert.deepEqual(
      [refused, perhaps].map((list) => list.map(({ index }) => index)),
      [[3], [2]],
    );
  });

  test('documents are refused in the words of the server, or come again', () => {
    const errors = documentErrors(
      bulkError([
        { index: 1, code: 121, errmsg: 'Document failed validation' },
        { index: 4, code: 14_031, errmsg: 'Out of disk space' },
        { index: 5, code: 10_107, errmsg: 'not primary' },
      ]),
    );
    assert.deepEqual(errors, {
      refused: [{ index: 1, text: 'Document failed validation (code 121)' }],
      perhaps: [],
      again: [4, 5],
      text: 'Out of disk space',
    });
  });

  test('what a majority did not confirm is not safe', () => {
    const error = bulkError([{ index: 0, code: 121, errmsg: 'no' }], { code: 64, errmsg: 'waiting for replication timed out' });
    assert.throws(() => documentErrors(error), /waiting for replication timed out \(code 64\)/);
  });

  test('what is not about documents is thrown on', () => {
    const network = bulkError([], undefined, new MongoNetworkError('connection closed'));
    assert.throws(() => documentErrors(network), network);
    assert.equal(isDocumentFault(network), false);
    const other = new Error('x');
    assert.throws(() => documentErrors(other), other);
  });

  test('a whole command is refused for what is in it only', () => {
    const command = (code: number, message: string): MongoBulkWriteError =>
      bulkError([], undefined, new MongoServerError({ message, code }));
    assert.equal(isDocumentFault(command(10_334, 'BSONObj size: 1 is invalid')), true);
    assert.equal(isDocumentFault(command(2, "invalid key: 'a.b' (key must not contain '.' sign)")), true);
    assert.equal(isDocumentFault(command(2, "cannot use 'j' option when a host does not have journaling enabled")), false);
    assert.equal(isDocumentFault(command(13, 'not authorized')), false);
    assert.equal(isDocumentFault(bulkError([{ index: 0, code: 121, errmsg: 'x' }])), false);
  });
});
