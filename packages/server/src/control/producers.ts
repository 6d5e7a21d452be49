import { isDeepStrictEqual } from 'node:util';
import type { ErrorCode } from '../errors.ts';
import { MeniscusError } from '../errors.ts';
import { limits } from '../limits.ts';
import { checkProducer } from './checks.ts';
import { changeTenant } from './context.ts';
import type { ControlContext } from './context.ts';
import type { NewProducer, ProducerRecord } from './control.ts';
import { producerRecord } from './record.ts';
import type { StoredTenant } from './record.ts';

export async function addProducer(context: ControlContext, id: string, producer: NewProducer): Promise<ProducerRecord> {
  let added: ProducerRecord | undefined;
  await changeTenant(context, id, (stored) => {
    checkProducer(producer, context.sinks);
    refuseDuplicate(stored, producer.name, 'producer_exists');
    if (stored.producers.length >= limits.producersPerTenant) {
      throw new MeniscusError('limit_exceeded', `a tenant has at most ${limits.producersPerTenant} event producers`);
    }
    added = merge({ id: stored.next_producer_id, durable: false, encrypted: false, sinks: [] }, producer);
    return { ...stored, producers: [...stored.producers, added], next_producer_id: stored.next_producer_id + 1 };
  });
  return producerRecord(added!, context.defaultSinks);
}

/** Of two writers of one producer at the same time the slower gets `conflict`: it has not seen what it would replace. */
export async function updateProducer(
  context: ControlContext,
  id: string,
  producerId: number,
  producer: NewProducer,
): Promise<ProducerRecord> {
  let updated: ProducerRecord | undefined;
  await changeTenant(context, id, (stored, first) => {
    const old = findProducer(stored, producerId);
    if (!isDeepStrictEqual(old, findProducer(first, producerId))) throw new MeniscusError('conflict');
    checkProducer(producer, context.sinks);
    if (producer.name !== old.name) refuseDuplicate(stored, producer.name, 'producer_name_taken');
    const next = merge(old, producer);
    updated = next;
    return { ...stored, producers: stored.producers.map((one) => (one === old ? next : one)) };
  });
  return producerRecord(updated!, context.defaultSinks);
}

export async function removeProducer(context: ControlContext, id: string, producerId: number): Promise<void> {
  await changeTenant(context, id, (stored) => {
    const gone = findProducer(stored, producerId);
    return { ...stored, producers: stored.producers.filter((producer) => producer !== gone) };
  });
}

function findProducer(stored: StoredTenant, producerId: number): ProducerRecord {
  const found = stored.producers.find((producer) => producer.id === producerId);
  if (!found) throw new MeniscusError('producer_not_found');
  return found;
}

function refuseDuplicate(stored: StoredTenant, name: string, code: ErrorCode): void {
  const other = stored.producers.find((producer) => producer.name === name);
  if (other) throw new MeniscusError(code, undefined, { slots: [name, other.id] });
}

/** Absent optional fields keep their value. Only known fields are taken: what else the caller's object has must not reach the store. */
function merge(old: Omit<ProducerRecord, 'name' | 'pattern'>, producer: NewProducer): ProducerRecord {
  return {
    id: old.id,
    name: producer.name,
    pattern: producer.pattern,
    durable: producer.durable ?? old.durable,
    encrypted: producer.encrypted ?? old.encrypted,
    sinks: [...(producer.sinks ?? old.sinks)],
  };
}
