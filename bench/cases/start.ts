import { startProcess, temporaryDirectory, type Cleanup } from '@meniscus/testkit';
import { megabytes, milliseconds, type BenchCase } from '../lib/case.ts';
import { median } from '../lib/percentile.ts';
import { memory } from '../lib/process-usage.ts';

export const start: BenchCase = {
  name: 'start',
  async run(t: Cleanup) {
    const times: number[] = [];
    let idle = 0;
    for (let run = 0; run < 5; run++) {
      const begin = performance.now();
      const service = await startProcess(t, { dataDir: temporaryDirectory(t) });
      times.push(performance.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      idle = memory(service.run.pid).now;
      await service.end();
    }
    return [
      { what: 'start to ready, empty data directory', result: milliseconds(median(times)), budget: '2 s' },
      { what: 'memory, idle', result: megabytes(idle), budget: '200 MB' },
    ];
  },
};
