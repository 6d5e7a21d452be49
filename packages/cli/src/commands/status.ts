import type { Command } from 'commander';
import { action } from '../command.ts';
import { ApiFailure } from '../errors/problem.ts';
import type { Io } from '../io.ts';
import { time } from '../output/human.ts';
import { printable } from '../output/printable.ts';
import type { Session } from '../session.ts';

interface Worker {
  readonly hostname: string;
  readonly ip_address_v4: string;
  readonly personality: string;
  readonly status: string;
  readonly system_info?: {
    readonly cpu_cores?: number;
    readonly memory_mb?: number;
    readonly load_average?: Readonly<Record<string, number>>;
    readonly timestamp?: string;
  };
}

/** One line: whether the service takes events. */
async function readiness(session: Session): Promise<string> {
  const { url, run } = session.connection;
  const version = run === undefined ? '' : ` (version ${run.version}, process ${run.pid})`;
  try {
    await session.client.text('/readyz', { anonymous: true });
    return `${url} is ${session.out.colours.good('ready')}${version}`;
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return `${url} is ${session.out.colours.bad('not ready')}${version}: ${printable(error.problem.detail ?? error.problem.title)}`;
  }
}

async function run(session: Session): Promise<void> {
  if (session.out.format === 'table') await session.out.line(`${await readiness(session)}\n`);
  await session.out.answer<{ status: readonly Worker[] }>(await session.client.text('/v1/status'), {
    items: 'status',
    table: ({ status }) => {
      const rows = status.map((worker) => [
        worker.hostname,
        worker.ip_address_v4,
        worker.personality,
        worker.status,
        worker.system_info?.cpu_cores,
        worker.system_info?.load_average?.['1']?.toFixed(2),
        worker.system_info?.memory_mb,
        time(worker.system_info?.timestamp),
      ]);
      return session.out.table({
        head: ['host', 'address', 'persona', 'status', 'cores', 'load', 'memory (MiB)', 'reported'],
        rows,
        right: [4, 5, 6],
      });
    },
  });
}

export function addStatus(program: Command, io: Io): void {
  program.command('status').description('whether the service is ready, and its workers').action(action(io, run));
}
