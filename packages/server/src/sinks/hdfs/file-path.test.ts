import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sinkBatch, ACME } from '../document/documents.testing.ts';
import { placeOf } from '../document/place.ts';
import { KeptDocuments } from '../document/kept-documents.ts';
import { fileName, fillTemplate, rangeOf, templateFault } from './file-path.ts';
import { groupRows, missingRows } from './groups.ts';
import { fitting } from './lines.ts';

suite('files of the sink hdfs', () => {
  test('are named by their places in the queue, inclusive and zero-padded', () => {
    assert.equal(fileName({ from: 7, to: 12 }, 'none'), '0000000000000007-0000000000000012.ndjson');
    assert.equal(fileName({ from: 0, to: placeOf(255, 2 ** 45 - 1) }, 'gzip'), '0000000000000000-9007199254740991.ndjson.gz');
    assert.deepEqual(rangeOf(fileName({ from: 7, to: 12 }, 'zstd')), { from: 7, to: 12 });
    for (const other of ['a.ndjson', '7-12.ndjson', '.tmp', '0000000000000007-0000000000000012.ndjson.tmp'])
      assert.equal(rangeOf(other), undefined);
  });

  test('go where the template says', () => {
    assert.equal(fillTemplate('{tenant}/{date}', 'acme', '2026-11-23'), 'acme/2026-11-23');
    assert.equal(fillTemplate('logs/tenant={tenant}/{year}/{month}/{day}', 'acme', '2026-11-23'), 'logs/tenant=acme/2026/11/23');
    assert.equal(templateFault('{tenant}/{date}'), undefined);
    for (const bad of [
      '{tenant}',
      '{date}',
      '{tenant}/{year}',
      '{tenant}/{date}/{hour}',
      '../{tenant}/{date}',
      '{tenant}//{date}',
      'a:b/{tenant}/{date}',
    ])
      assert.notEqual(templateFault(bad), undefined, bad);
  });

  test('hold rows of one tenant and day', () => {
    const other = { ...ACME, number: 2, id: 'Other/../tenant' };
    const day = 86_400_000_000;
    const received = Date.UTC(2026, 10, 23) * 1000;
    const batch = sinkBatch([{ received }, { received, tenant: other }, { received: received + day }, { received: received + day - 1 }]);
    const groups = groupRows(batch, '{tenant}/{date}');
    assert.deepEqual(
      groups.map(({ rows }) => rows),
      [[0, 3], [1], [2]],
    );
    assert.equal(groups[0]!.directory, 'acme/2026-11-23');
    assert.match(groups[1]!.directory, /^\.[0-9a-f]{40}\/2026-11-23$/);
    assert.equal(groups[2]!.directory, 'acme/2026-11-24');
  });

  test('leave out what is in a file already', () => {
    const batch = sinkBatch([{}, {}, {}, {}, {}, {}], 10);
    assert.deepEqual(
      missingRows(
        batch,
        [0, 1, 2, 3, 4, 5],
        [
          { from: 5, to: 11 },
          { from: 14, to: 14 },
        ],
      ),
      [2, 3, 5],
    );
  });

  test('of dead letters hold only events that follow each other', () => {
    const batch = sinkBatch([{}, {}, {}, {}, {}, {}], 10);
    const letters = [5, 1, 0, 3].map((row) => ({ tenant: ACME, text: batch.document(row) }));
    const groups = groupRows(KeptDocuments.of(letters), '{tenant}/{date}');
    assert.deepEqual(
      groups.map(({ rows }) => rows),
      [[2, 1], [3], [0]],
    );
  });

  test('end at their size, with one event at least', () => {
    const batch = sinkBatch(Array.from({ length: 10 }, () => ({ msg: 'x'.repeat(1000) })));
    const line = Buffer.byteLength(batch.document(0)) + 1;
    const rows = [...Array(10).keys()];
    assert.equal(fitting(batch, rows, 0, 3 * line), 3);
    assert.equal(fitting(batch, rows, 8, 3 * line), 2);
    assert.equal(fitting(batch, rows, 0, 10), 1);
  });
});
