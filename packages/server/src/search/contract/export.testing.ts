import assert from 'node:assert/strict';
import type { ExportRequest } from '../search.ts';
import { expectedNumbers, numbersOf, type Row, type Suite } from './client.testing.ts';

/** Exports. */
export function testExport({ it, events }: Suite): void {
  it('an export has everything that matches, oldest first, in every format', async (client) => {
    const lines = (await client.exported({})).trimEnd().split('\n');
    assert.deepEqual(numbersOf(lines.map((line) => JSON.parse(line) as Row)), expectedNumbers(events, '', 'asc'));
    const chosen = (await client.exported({ fields: ['n'] }, 'failed'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    assert.deepEqual(numbersOf(chosen), expectedNumbers(events, 'failed', 'asc'));
    assert.deepEqual(Object.keys(chosen[0]!), ['id', 'time', 'native']);
    const raw = (await client.exported({ format: 'raw' }, 'failed')).trimEnd().split('\n');
    assert.deepEqual(
      raw,
      expectedNumbers(events, 'failed', 'asc').map((n) => events[n]!.msg),
    );
    const csv = await client.exported({ format: 'csv', fields: ['native.n', 'msg', 'user', 'tags', 'severity'] }, 'native.n:[1 TO 3]');
    assert.equal(
      csv,
      'native.n,msg,user,tags,severity\n1,"accepted 1, ""quoted""","[""user-1"",""user-1""]",[],1\n2,"accepted 2, ""quoted""",user-2,[],2\n3,"accepted 3, ""quoted""",user-0,"[""a"",""b"",""a""]",3\n',
    );
    assert.match(await client.exported({ format: 'csv' }, 'nosuch'), /^id,time,/);
    assert.equal(await client.exported({}, 'nosuch'), '');
  });

  it('an export can be left early', async (client) => {
    const request: ExportRequest = { kind: 'export', format: 'ndjson', ...client.scope(), deadlineMs: Infinity };
    for await (const piece of client.backend.export(request, new AbortController().signal)) {
      assert.ok(piece.length > 0);
      break;
    }
    assert.equal(await client.count(''), 300);
  });
}
