import { parseEventId, type EventOrigin } from '../../../event/event-id.ts';
import type { Producer } from '../../../event/event.ts';
import type { Block } from '../../../store/block.ts';
import { idOf, keysOf } from '../order.ts';
import { emptyMask, type Mask, type Selection } from './mask.ts';
import { COST, type BlockScan, type PlanNode } from './node.ts';
import { oneColumn } from './columns-node.ts';
import type { ValueMatcher } from './value-test.ts';

/** Runs a test on the candidates one by one. */
function eachRow(rows: number, candidates: Selection, test: (row: number) => boolean): Selection {
  if (candidates === false) return false;
  const mask = emptyMask(rows);
  for (let row = 0; row < rows; row++) if ((candidates === true || candidates[row] === 1) && test(row)) mask[row] = 1;
  return mask;
}

/** `tenant`: the same for every event that a search can see. */
export function tenantNode(test: ValueMatcher, tenantId: string): PlanNode {
  const value = test.text(tenantId);
  return { cost: COST.constant, peek: () => value, rows: () => value };
}

/** `time` and `received`, from <= value < to. */
export function timeNode(which: 'time' | 'received', from: number, to: number): PlanNode {
  const bounds = (block: Block): readonly [number, number] =>
    which === 'time' ? [block.minTime, block.maxTime] : [block.minReceived, block.maxReceived];
  return {
    cost: COST.number,
    peek: (block) => {
      const [min, max] = bounds(block);
      if (max < from || min >= to) return false;
      return min >= from && max < to ? true : undefined;
    },
    rows: ({ block }) => {
      const values = which === 'time' ? block.time() : block.received();
      const mask = emptyMask(block.rows);
      for (let row = 0; row < mask.length; row++) if (values[row]! >= from && values[row]! < to) mask[row] = 1;
      return mask;
    },
  };
}

/** `id`: a text made of several columns. A whole id, the usual case, is found by its parts. */
export function idNode(test: ValueMatcher, whole: string | undefined): PlanNode {
  const origin = whole === undefined ? undefined : parseEventId(whole);
  const within = (block: Block, { receivedMs, shard }: EventOrigin): boolean =>
    block.shard === shard && block.minReceived < (receivedMs + 1) * 1000 && block.maxReceived >= receivedMs * 1000;
  return {
    cost: COST.computed,
    peek: (block) => (origin !== undefined && !within(block, origin) ? false : undefined),
    rows: ({ block, node }, candidates) => {
      const positions = block.position();
      const keys = keysOf(block);
      return eachRow(block.rows, candidates, (row) => {
        if (origin !== undefined && positions[row] !== origin.position) return false;
        return test.text(idOf(keys(row), node));
      });
    },
  };
}

/** `producer`: its name; the default producer has none. */
export function producerNode(test: ValueMatcher): PlanNode {
  const known = new Map<string, boolean>();
  const byName: ValueMatcher = {
    text: (json) => {
      let passes = known.get(json);
      if (passes === undefined) {
        const { name } = JSON.parse(json) as Producer;
        known.set(json, (passes = name !== null && test.text(name)));
      }
      return passes;
    },
    number: () => false,
    boolean: () => false,
    words: [],
    textual: true,
  };
  return oneColumn('producer', byName);
}

/** Of each row the number of a column with at most one entry a row, NaN where there is none. */
export function numbersByRow(block: Block, name: string): Float64Array {
  const values = new Float64Array(block.rows).fill(NaN);
  const column = block.column(name);
  if (column?.numbers == null) return values;
  const { numbers, rowStarts } = column;
  if (rowStarts === null) values.set(numbers.subarray(0, block.rows));
  else for (let row = 0; row < block.rows; row++) if (rowStarts[row + 1]! > rowStarts[row]!) values[row] = numbers[rowStarts[row]!]!;
  return values;
}

/** `pri`: facility * 8 + severity, absent where either is. */
export function priNode(test: ValueMatcher): PlanNode {
  return {
    cost: COST.number * 4,
    peek: (block) => (block.columns().has('severity') && block.columns().has('facility') ? undefined : false),
    rows: (scan: BlockScan) => priRows(scan.block, test),
  };
}

function priRows(block: Block, test: ValueMatcher): Mask {
  const severities = numbersByRow(block, 'severity');
  const facilities = numbersByRow(block, 'facility');
  const mask = emptyMask(block.rows);
  const known = new Map<number, boolean>();
  for (let row = 0; row < mask.length; row++) {
    const pri = facilities[row]! * 8 + severities[row]!;
    if (Number.isNaN(pri)) continue;
    let passes = known.get(pri);
    if (passes === undefined) known.set(pri, (passes = test.number(pri, String(pri))));
    if (passes) mask[row] = 1;
  }
  return mask;
}
