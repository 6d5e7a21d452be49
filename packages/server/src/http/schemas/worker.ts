import { Type } from 'typebox';

const strict = { additionalProperties: false };
const load = Type.Number({ minimum: 0 });
const text = Type.String({ maxLength: 1_024 });

const SystemInfo = Type.Object(
  {
    os_type: text,
    memory_mb: Type.Integer({ minimum: 0 }),
    architecture: text,
    cpu_cores: Type.Integer({ minimum: 0 }),
    disk_usage: Type.Array(
      Type.Object(
        { device: text, total: Type.Number({ minimum: 0 }), used: Type.Number({ minimum: 0 }) },
        { ...strict, description: 'GB' },
      ),
      { maxItems: 10_000 },
    ),
    load_average: Type.Object({ '1': load, '5': load, '15': load }, strict),
    timestamp: text,
  },
  strict,
);

const Status = Type.Object(
  {
    hostname: text,
    ip_address_v4: Type.String({ description: 'An IPv4 address, or empty.' }),
    ip_address_v6: Type.String({ description: 'An IPv6 address, or empty.' }),
    personality: Type.String({ enum: ['all', 'coordinator', 'worker', 'dispatcher', 'tenant'] }),
    status: Type.String({ enum: ['new', 'online', 'offline', 'draining'] }),
    system_info: SystemInfo,
  },
  strict,
);

/** 2013's report of a worker; its `minimum: 0` of load averages is back, and addresses are checked by the route. */
export const WorkerReport = Type.Object({ worker_status: Status }, strict);
export const WorkerAnswer = Type.Object({ status: Status });
export const WorkersAnswer = Type.Object({ status: Type.Array(Status) });

export const exampleWorker = {
  hostname: 'worker-01',
  ip_address_v4: '10.0.0.5',
  ip_address_v6: '',
  personality: 'worker',
  status: 'online',
  system_info: {
    os_type: 'Linux 6.12.0 x64',
    memory_mb: 4096,
    architecture: 'x64',
    cpu_cores: 4,
    disk_usage: [{ device: '/dev/sda1', total: 19.7, used: 2.1 }],
    load_average: { '1': 0.1, '5': 0.2, '15': 0.1 },
    timestamp: '2026-11-23T10:00:00.123Z',
  },
};
