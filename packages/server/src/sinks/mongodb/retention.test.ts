import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MongoServerError, type Collection, type Document } from 'mongodb';
import { temporaryDirectory } from '@meniscus/testkit';
import { formatTime } from '../../event/event.ts';
import { ACME, RECEIVED } from '../document/documents.testing.ts';
import { Pace } from './pace.ts';
import { Retention } from './retention.ts';

const running = new AbortController().signal;
const HOUR = 3_600e6;
const pace = new Pace();

interface Call {
  readonly call: string;
  readonly filter: Document;
  readonly update?: Document[];
}

/** A collection with documents received at these times, of one tenant. */
class Events {
  readonly calls: Call[] = [];
  readonly made: unknown[] = [];
  readonly lacks: number;
  private received: string[];

  constructor(times: readonly number[], lacks = 0) {
    this.received = times.map(formatTime).sort();
    this.lacks = lacks;
  }

  async indexes(): Promise<{ readonly key: object }[]> {
    return this.made.map((one) => ({ key: (one as [object])[0] }));
  }

  async createIndex(...index: unknown[]): Promise<void> {
    if (this.lacks > 0) throw new MongoServerError({ message: 'no', code: this.lacks });
    this.made.push(index);
  }

  async findOne(filter: Document): Promise<Document | null> {
    const received = this.received.find((one) => this.matches(filter, one));
    return received === undefined ? null : { meniscus: { received } };
  }

  find(filter: Document, { limit }: { readonly limit: number }) {
    return {
      toArray: async () =>
        this.received
          .filter((one) => this.matches(filter, one))
          .slice(0, limit)
          .map((_id) => ({ _id })),
    };
  }

  async deleteMany(filter: Document): Promise<void> {
    this.calls.push({ call: 'deleteMany', filter });
    const { $in } = filter['_id'] as { readonly $in: readonly string[] };
    assert.ok($in.length <= 1000);
    this.received = this.received.filter((one) => !$in.includes(one));
  }

  async updateMany(filter: Document, update: Document[]): Promise<void> {
    this.calls.push({ call: 'updateMany', filter, update });
  }

  /** What the calls matched, each at most once. */
  get left(): string[] {
    return this.received;
  }

  matched(): number {
    return this.received.filter((one) => this.calls.filter(({ filter }) => this.matches(filter, one)).length === 1).length;
  }

  private matches(filter: Document, received: string): boolean {
    const { $gte, $lt } = filter['meniscus.received'] as { readonly $gte: string; readonly $lt: string };
    return filter['meniscus.tenant'] === 'acme' && received >= $gte && received < $lt;
  }
}

const collection = (events: Events): Collection => events as unknown as Collection;

suite('retention in MongoDB', () => {
  test('without a TTL index deletes by the time of receipt, some at a time', async (t) => {
    const times = [0, 1, HOUR - 1, HOUR, ...Array.from({ length: 2500 }, (_, i) => 96 * HOUR + 1 + i)].map((ago) => RECEIVED - ago);
    const events = new Events(times, 238);
    const retention = await Retention.open({ collection: collection(events), stateDirectory: temporaryDirectory(t), pace }, true);
    assert.equal(retention.ttl, false);
    await retention.retain(
      [
        { ...ACME, retentionDays: 4 },
        { ...ACME, id: 'other', retentionDays: 1 },
      ],
      RECEIVED,
      running,
    );
    assert.deepEqual(events.left, [RECEIVED - HOUR, RECEIVED - HOUR + 1, RECEIVED - 1, RECEIVED].map(formatTime));
    assert.equal(events.calls.length, 3);
  });

  test('with a TTL index sets dates anew when a retention is new or has changed, and never else', async (t) => {
    const stateDirectory = temporaryDirectory(t);
    const events = new Events([0, 1, HOUR, 5 * HOUR, 5 * HOUR + 1].map((ago) => RECEIVED - ago));
    const open = async (): Promise<Retention> => Retention.open({ collection: collection(events), stateDirectory, pace }, true);
    const retention = await open();
    assert.equal(retention.ttl, true);
    assert.deepEqual(events.made, [[{ expires_at: 1 }, { expireAfterSeconds: 0 }]]);
    await retention.retain([ACME], RECEIVED + 1, running);
    assert.equal(events.matched(), 5);
    assert.deepEqual(events.calls[0]!.update, [
      {
        $set: {
          expires_at: {
            $add: [
              { $dateFromString: { dateString: { $concat: [{ $substrBytes: ['$meniscus.received', 0, 23] }, 'Z'] } } },
              90 * 86_400_000,
            ],
          },
        },
      },
    ]);
    events.calls.length = 0;
    await retention.retain([ACME], RECEIVED + 1, running);
    await (await open()).retain([ACME], RECEIVED + 1, running);
    assert.deepEqual(events.calls, []);
    await (await open()).retain([{ ...ACME, retentionDays: 7 }], RECEIVED + 1, running);
    assert.equal(events.matched(), 5);
  });

  test('has no TTL index where none is wanted; another error of the server is one', async (t) => {
    const stateDirectory = temporaryDirectory(t);
    const events = new Events([]);
    assert.equal((await Retention.open({ collection: collection(events), stateDirectory, pace }, false)).ttl, false);
    assert.deepEqual(events.made, []);
    await assert.rejects(Retention.open({ collection: collection(new Events([], 13)), stateDirectory, pace }, true), { code: 13 });
  });

  test('reckons dates from the time of receipt', () => {
    assert.equal(Retention.expiry(RECEIVED, { ...ACME, retentionDays: 2 }).toISOString(), '2026-11-25T10:00:00.123Z');
  });
});
