import { isIPv4, isIPv6 } from 'node:net';
import { hostname as ownHostname } from 'node:os';
import { Type } from 'typebox';
import type { WorkerStatus } from '../../control/control.ts';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { selfStatus } from '../self-status.ts';
import { exampleWorker, WorkerAnswer, WorkerReport, WorkersAnswer } from '../schemas/worker.ts';
import type { Services } from '../services.ts';

const Params = Type.Object({ hostname: Type.String() });

function checkAddresses(status: { readonly ip_address_v4: string; readonly ip_address_v6: string }): void {
  const { ip_address_v4: v4, ip_address_v6: v6 } = status;
  if (v4 !== '' && !isIPv4(v4)) throw new MeniscusError('bad_request', 'ip_address_v4 must be an IPv4 address or empty');
  if (v6 !== '' && !isIPv6(v6)) throw new MeniscusError('bad_request', 'ip_address_v6 must be an IPv6 address or empty');
}

async function statusOf(services: Services, hostname: string): Promise<{ status: WorkerStatus }> {
  const status = hostname === ownHostname() ? await selfStatus(services.config.data_dir) : services.control.workers.get(hostname);
  if (status === undefined) throw new MeniscusError('worker_not_found');
  return { status };
}

export function workerRoutes(app: App, services: Services): void {
  const { workers } = services.control;
  const url = '/v1/worker/:hostname/status';

  app.put(
    url,
    {
      schema: { params: Params, body: WorkerReport },
      config: {
        docs: {
          tag: 'workers',
          summary: 'Report the status of a worker',
          description: 'Of a known worker `status` and `system_info` are taken.',
          bodyExample: { worker_status: exampleWorker },
          answers: { 200: { description: 'Taken.' }, 202: { description: 'Taken; the worker is new.' } },
          errors: ['conflict'],
        },
      },
    },
    async (request, reply) => {
      const status = request.body.worker_status;
      if (status.hostname !== request.params.hostname) throw new MeniscusError('bad_request', 'hostname must be the one in the path');
      checkAddresses(status);
      return reply.code((await workers.report(status)) ? 202 : 200).send();
    },
  );

  app.get(
    url,
    {
      schema: { params: Params },
      config: {
        docs: {
          tag: 'workers',
          summary: 'The status of a worker',
          answers: { 200: { description: 'The status.', schema: WorkerAnswer, example: { status: exampleWorker } } },
          errors: ['worker_not_found'],
        },
      },
    },
    (request) => statusOf(services, request.params.hostname),
  );

  app.get(
    '/v1/status',
    {
      config: {
        docs: {
          tag: 'workers',
          summary: 'The status of every worker',
          answers: {
            200: { description: 'The workers, this process among them.', schema: WorkersAnswer, example: { status: [exampleWorker] } },
          },
        },
      },
    },
    async () => {
      const self = await selfStatus(services.config.data_dir);
      return { status: [self, ...workers.list().filter((worker) => worker.hostname !== self.hostname)] };
    },
  );
}
