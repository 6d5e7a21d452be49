import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lane } from './lane.ts';

interface Job {
  readonly tenant: number;
  readonly name: string;
}

const always = (): boolean => true;

function laneOf(names: string, limits = { queued: 100, queuedOfTenant: 50 }): Lane<Job> {
  const lane = new Lane<Job>(limits);
  for (const name of names.split(' ')) lane.add({ tenant: Number(name[0]), name });
  return lane;
}

function takeAll(lane: Lane<Job>, mayRun = always as (tenant: number) => boolean): string {
  const names: string[] = [];
  for (let job = lane.take(mayRun); job !== undefined; job = lane.take(mayRun)) names.push(job.name);
  return names.join(' ');
}

test('tenants take turns, each in the order of its jobs', () => {
  const lane = laneOf('1a 1b 1c 1d 2a 3a 3b');
  assert.equal(lane.size, 7);
  assert.equal(takeAll(lane), '1a 2a 3a 1b 3b 1c 1d');
  assert.equal(lane.size, 0);
});

test('a tenant that may not run is passed over and keeps its turn', () => {
  const lane = laneOf('1a 2a 1b 2b');
  assert.equal(
    takeAll(lane, (tenant) => tenant === 2),
    '2a 2b',
  );
  assert.equal(takeAll(lane), '1a 1b');
});

test('both limits refuse one job too many', () => {
  const lane = laneOf('1a 1b 2a', { queued: 4, queuedOfTenant: 2 });
  assert.throws(() => lane.add({ tenant: 1, name: '1c' }), { code: 'too_many_requests' });
  lane.add({ tenant: 3, name: '3a' });
  assert.throws(() => lane.add({ tenant: 4, name: '4a' }), { code: 'too_many_requests' });
});

test('a job is taken out, or put back to the front', () => {
  const lane = laneOf('1a 1b 2a');
  const [first] = [...lane];
  assert.equal(lane.remove(first!), true);
  assert.equal(lane.remove(first!), false);
  lane.putBack(first!);
  assert.equal(takeAll(lane), '1a 2a 1b');
});
