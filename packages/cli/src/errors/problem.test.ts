import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureText } from './failure.ts';
import { ApiFailure, caretLines, problemOf } from './problem.ts';

test('a refused query is shown with a caret below the position', () => {
  const problem = problemOf(
    400,
    JSON.stringify({ title: 'Cannot parse the query', status: 400, code: 'query_syntax', detail: 'a value is missing', position: 5 }),
  );
  const text = failureText(new ApiFailure(problem, { method: 'POST', url: 'http://x/y', query: 'host:' }));
  assert.deepEqual(text.split('\n'), ['meniscus: Cannot parse the query (400)', '  a value is missing', '    host:', '         ^']);
});

test('the position counts UTF-16 units, the caret characters', () => {
  assert.deepEqual(caretLines('🎉🎉 (', 5), ['  🎉🎉 (', '     ^']);
  const [line, caret] = caretLines(`${'x'.repeat(500)}(${'y'.repeat(500)}`, 500) as [string, string];
  assert.equal(line[caret.indexOf('^')], '(');
  assert.ok(line.length < 140);
});

test('an answer that is no problem document is told by its status', () => {
  const problem = problemOf(502, '<html>bad gateway</html>');
  assert.deepEqual([problem.title, problem.code], ['The service answered with status 502', '']);
  assert.equal(problemOf(500, 'null').code, '');
});

test('a route that is not there is said to be so; a tenant that is not there is not', () => {
  const noRoute = new ApiFailure(problemOf(404, '{"title":"Not found","code":"not_found"}'), { method: 'GET', url: 'http://x/v1/new' });
  assert.match(failureText(noRoute), /There is no GET http:\/\/x\/v1\/new/);
  const noTenant = new ApiFailure(problemOf(404, '{"title":"Unable to locate tenant.","code":"tenant_not_found"}'), {
    method: 'GET',
    url: 'http://x',
  });
  assert.match(failureText(noTenant), /tenant list/);
});

test('details of lines and events are listed, not more than ten', () => {
  const errors = Array.from({ length: 12 }, (_, i) => ({ line: i + 1, code: 'x', title: 'bad rule' }));
  const text = failureText(new ApiFailure(problemOf(400, JSON.stringify({ title: 'No', errors })), { method: 'PUT', url: 'http://x' }));
  assert.match(text, /line 1: bad rule/);
  assert.match(text, /and 2 more/);
});
