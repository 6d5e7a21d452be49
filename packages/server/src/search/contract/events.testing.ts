import assert from 'node:assert/strict';
import { parse } from '@meniscus/query';
import { formatEventId } from '../../event/event-id.ts';
import { formatTime } from '../../event/event.ts';
import type { SearchRequest } from '../search.ts';
import { idAt } from '../store/evaluate/reference.testing.ts';
import { expectedNumbers, MINUTE, numbersOf, START, type Row, type Suite } from './client.testing.ts';

/** What pages of events, one event and its neighbours are like. */
export function testEvents({ it, events }: Suite): void {
  it('events come newest first, or oldest first, ties by id in the same direction', async (client) => {
    for (const order of ['desc', 'asc'] as const) {
      const page = await client.events({ order });
      assert.deepEqual(numbersOf(page.events), expectedNumbers(events, '', order));
      assert.equal(page.next, null);
      assert.equal(page.partial, false);
      assert.equal('partial_reason' in page, false);
      assert.equal(typeof page.stats!.elapsed_ms, 'number');
    }
  });

  it('an event is answered as it came', async (client) => {
    const page = await client.events({ order: 'asc' }, 'native.n:7');
    const { received, time } = events[7]!;
    assert.deepEqual(page.events, [
      {
        id: idAt(events, 7),
        tenant: client.scope().tenant.id,
        time: formatTime(time),
        received: formatTime(received!),
        host: 'web-3',
        pname: 'sshd',
        pid: '0',
        msgid: '-',
        pri: 39,
        facility: 4,
        severity: 7,
        level: 'debug',
        msg: 'accepted 7, "quoted"',
        native: { n: 7, bytes: 7, user: 'user-1', tags: [], ok: false, deep: { 'dotted.key': [{ x: 7 }] } },
        producer: { id: null, name: null, pattern: 'default', durable: false, encrypted: false, sinks: ['store'] },
      },
    ]);
    const absent = await client.events({}, 'native.n:0');
    for (const part of ['pri', 'facility', 'severity', 'level', 'ver', 'normalized']) assert.equal(part in absent.events[0]!, false, part);
  });

  it('pages follow each other without gap or repeat, through ties, in both orders', async (client) => {
    for (const order of ['desc', 'asc'] as const)
      for (const limit of [1, 2, 7, 100, 300]) {
        const seen: number[] = [];
        let cursor: string | undefined;
        do {
          const page = await client.events({ order, limit, ...(cursor === undefined ? {} : { cursor }) }, limit === 1 ? 'failed n<40' : '');
          assert.ok(page.events.length <= limit);
          seen.push(...numbersOf(page.events));
          cursor = page.next ?? undefined;
        } while (cursor !== undefined);
        assert.deepEqual(seen, expectedNumbers(events, limit === 1 ? 'failed n<40' : '', order));
      }
  });

  it('a cursor of another query, order, range or tenant, and a text that is none, are bad_cursor', async (client) => {
    const { next } = await client.events({ limit: 3 });
    const cursor = next!;
    const wrong: Partial<Extract<SearchRequest, { kind: 'events' }>>[] = [
      { query: parse('failed') },
      { order: 'asc' },
      { from: START - 3600_000_000 },
      { to: Infinity },
      { range: 'now-1h' },
      { tenant: { ...client.scope().tenant, number: 99 } },
    ];
    for (const more of wrong)
      await assert.rejects(client.events({ cursor, limit: 3, ...more }), { code: 'bad_cursor' }, JSON.stringify(more));
    for (const text of ['', 'x', '[]', Buffer.from('[1,2]').toString('base64url'), 'a'.repeat(5_000)])
      await assert.rejects(client.events({ cursor: text, limit: 3 }), { code: 'bad_cursor' });
  });

  it('a cursor goes on within the first page’s range when a relative range has moved on', async (client) => {
    const range = { range: '-10m,now' };
    const first = await client.events({ limit: 100, ...range });
    const second = await client.events({ limit: 1_000, cursor: first.next!, ...range, from: START + MINUTE, to: START + 20 * MINUTE });
    assert.deepEqual(numbersOf([...first.events, ...second.events]), expectedNumbers(events));
  });

  it('fields choose parts of events; id and time are always there', async (client) => {
    const one = { limit: 1, order: 'asc' } as const;
    const [event] = (await client.events({ ...one, fields: ['host', 'app', 'level', 'user', 'native.deep', 'msg'] }, 'native.n:1')).events;
    assert.deepEqual(event, {
      id: idAt(events, 1),
      time: formatTime(events[1]!.time),
      host: 'web-1',
      pname: 'sshd',
      level: 'alert',
      msg: 'accepted 1, "quoted"',
      native: { user: 'user-1', deep: { 'dotted.key': [{ x: 1 }] } },
      normalized: { sshd: { user: 'user-1' } },
    });
    const [bare] = (await client.events({ ...one, fields: ['nosuch'] }, 'native.n:1')).events;
    assert.deepEqual(Object.keys(bare!), ['id', 'time']);
  });

  it('an event is found by its id alone', async (client) => {
    const scope = client.scope('nosuch', { from: 0, to: 1 });
    const answer = await client.search<{ event: Row }>({ kind: 'event', ...scope, id: idAt(events, 123) });
    assert.equal(answer.event.native!.n, 123);
    for (const id of [idAt(events, 123).replace(/.$/, 'f'), formatEventId(0, 0, 0, 1_123), 'x', '', formatEventId(1e12, 9, 3, 5)])
      await assert.rejects(client.search({ kind: 'event', ...scope, id }), { code: 'event_not_found' });
  });

  it('context gives the neighbours of the same origin, oldest first', async (client) => {
    const context = (more: Partial<Extract<SearchRequest, { kind: 'context' }>>) =>
      client.search<{ before: Row[]; event: Row; after: Row[] }>({
        kind: 'context',
        ...client.scope('', { from: 0, to: Infinity }),
        id: idAt(events, 101),
        before: 2,
        after: 3,
        by: ['host', 'pname'],
        ...more,
      });
    const found = await context({});
    assert.equal(found.event.native!.n, 101);
    assert.deepEqual(numbersOf(found.before), [93, 97]);
    assert.deepEqual(numbersOf(found.after), [105, 109, 113]);
    const all = expectedNumbers(events, '', 'asc');
    const at = all.indexOf(101);
    const near = await context({ by: [] });
    assert.deepEqual(numbersOf([...near.before, near.event, ...near.after]), all.slice(at - 2, at + 4));
    const alone = await context({ by: ['n'] });
    assert.deepEqual([alone.before, alone.after], [[], []]);
    const none = await context({ before: 0, after: 0 });
    assert.deepEqual([none.before, none.after], [[], []]);
    await assert.rejects(context({ id: formatEventId(1, 0, 0, 1) }), { code: 'event_not_found' });
  });
}
