import { MessageChannel } from 'node:worker_threads';
import { numberOf } from '../../queue/contract.testing.ts';
import type { HotBatch } from '../../threads/messages.ts';
import { testSinkContract } from '../contract.testing.ts';
import { StoreSink } from './store-sink.ts';

testSinkContract('store', (t, queue, covered) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const arrived: number[] = [];
  port2.on('message', (batch: HotBatch) => arrived.push(numberOf(batch)));
  const sink = new StoreSink({ shard: 0, queue, covered, build: port1, queries: [], onRelief: () => {}, isIdle: () => true });
  return { sink, arrived: () => arrived, settle: (position) => port2.postMessage({ type: 'covered', shard: 0, position }) };
});
