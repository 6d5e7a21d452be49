import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TenantView } from '../../control/tenant.ts';
import type { Producer } from '../../event/event.ts';
import { Correlator } from './correlate.ts';

const correlator = new Correlator(['store']);

function nameOf(pname: string, ...names: string[]): string | null {
  const producers = names.map((name, i) => ({ id: i + 1, name, pattern: name, durable: false, encrypted: false, sinks: ['store'] }));
  const tenant: TenantView = {
    number: 1,
    id: 'a',
    name: 'a',
    token: { valid: 'x', previous: null },
    producers,
    settings: { retention_days: 90 },
  };
  return (JSON.parse(correlator.producerOf(tenant, pname)) as Producer).name;
}

test('a producer is the one whose name is the pname', () => {
  assert.equal(nameOf('sshd', 'sshd', 'cron'), 'sshd');
  for (const other of ['SSHD', 'ssh', 'sshd ', '-', '']) assert.equal(nameOf(other, 'sshd'), null, other);
});

test('messages of Cisco devices go to the producer of their facility, unless one has their own name', () => {
  assert.equal(nameOf('%ASA-6-302013', '%ASA'), '%ASA');
  assert.equal(nameOf('%ASA-6-302013', '%ASA', '%ASA-6-302013'), '%ASA-6-302013');
  assert.equal(nameOf('%SYS-5-CONFIG_I', '%SYS'), '%SYS');
  assert.equal(nameOf('%LINEPROTO-SP-5-UPDOWN', '%LINEPROTO-SP'), '%LINEPROTO-SP');
  for (const other of ['%ASA', '%ASA-9-302013', 'ASA-6-302013', '%ASAX-6-302013'])
    assert.notEqual(nameOf(other, '%AS', 'ASA'), '%ASA', other);
});
