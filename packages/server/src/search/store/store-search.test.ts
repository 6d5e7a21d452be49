import { testSearchContract } from '../contract.testing.ts';
import { LocalSearch } from './local-search.testing.ts';
import { makeBlocks, TENANT, type BlocksOptions } from './memory-store.testing.ts';

const layouts: readonly (BlocksOptions & { readonly name: string })[] = [
  { name: 'one described block', described: true },
  { name: 'many described blocks', described: true, rows: 17 },
  { name: 'hot blocks', rows: 40 },
  { name: 'blocks with an overflow column', described: true, rows: 50, columns: 3 },
];

for (const layout of layouts)
  testSearchContract({
    name: `store, ${layout.name}`,
    create: (_t, events) =>
      Promise.resolve({
        backend: LocalSearch.ofBlocks(makeBlocks(events, layout)),
        tenant: { number: TENANT, id: 'acme', receivedFrom: -Infinity },
      }),
  });
