import type { TestEvent } from 'node:test/reporters';

/** A reporter for node:test that writes one line of JSON: how many tests passed, failed and were skipped. Suites do not count. */
// node:test takes a reporter as the default export.
// oxlint-disable-next-line import/no-default-export
export default async function* countReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    if (event.data.details.type === 'suite') continue;
    if (event.data.skip !== undefined && event.data.skip !== false) counts.skipped++;
    else counts[event.type === 'test:pass' ? 'passed' : 'failed']++;
  }
  yield JSON.stringify(counts);
}
