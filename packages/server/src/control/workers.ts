import { checkName, nameFault } from './checks.ts';
import type { ControlContext } from './context.ts';
import type { WorkerControl, WorkerStatus } from './control.ts';
import { WORKERS, workerKey } from './names.ts';

export function createWorkerControl(context: ControlContext): WorkerControl {
  const { store } = context;
  return {
    report: async (status) => await report(context, status),
    get: (hostname) => (nameFault(hostname) === undefined ? store.get<WorkerStatus>(workerKey(hostname))?.value : undefined),
    list: () => [...store.list<WorkerStatus>(WORKERS)].map((entry) => entry.value),
  };
}

/** Of a known worker only `status` and `system_info` are taken (2013). */
async function report(context: ControlContext, status: WorkerStatus): Promise<boolean> {
  checkName('hostname', status.hostname);
  const key = workerKey(status.hostname);
  for (;;) {
    const held = context.store.get<WorkerStatus>(key);
    const { hostname, ip_address_v4, ip_address_v6, personality } = held?.value ?? status;
    const next: WorkerStatus = {
      hostname,
      ip_address_v4,
      ip_address_v6,
      personality,
      status: status.status,
      system_info: status.system_info,
    };
    if ((await context.store.put(key, next, held?.version ?? null)) !== undefined) return held === undefined;
  }
}
