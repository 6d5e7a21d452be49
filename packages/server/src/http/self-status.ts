import { statfs } from 'node:fs/promises';
import { arch, cpus, hostname, loadavg, networkInterfaces, release, totalmem, type as osType } from 'node:os';
import type { WorkerStatus } from '../control/control.ts';

const GB = 1e9;

/** An address of this computer that others may reach, or empty. */
function addressOf(family: 'IPv4' | 'IPv6'): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const found = addresses.find((one) => one.family === family && !one.internal && !one.address.startsWith('fe80:'));
  return found?.address ?? '';
}

/** The worker status document of this process, taken now: persona `all` is listed beside the workers that report. */
export async function selfStatus(dataDir: string): Promise<WorkerStatus> {
  const disk = await statfs(dataDir);
  const [one, five, fifteen] = loadavg();
  return {
    hostname: hostname(),
    ip_address_v4: addressOf('IPv4'),
    ip_address_v6: addressOf('IPv6'),
    personality: 'all',
    status: 'online',
    system_info: {
      os_type: `${osType()} ${release()}`,
      memory_mb: Math.round(totalmem() / 2 ** 20),
      architecture: arch(),
      cpu_cores: cpus().length,
      disk_usage: [{ device: dataDir, total: (disk.blocks * disk.bsize) / GB, used: ((disk.blocks - disk.bfree) * disk.bsize) / GB }],
      load_average: { '1': one, '5': five, '15': fifteen },
      timestamp: new Date().toISOString(),
    },
  };
}
