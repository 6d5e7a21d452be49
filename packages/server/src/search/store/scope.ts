import { formatTime } from '../../event/event.ts';
import type { ShapeCache } from '../../event/shape.ts';
import type { Block, Snapshot } from '../../store/block.ts';
import { DamagedError } from '../../store/segment/chunk.ts';
import type { SearchScope } from '../search.ts';
import { Interrupted, type Budget } from './budget.ts';
import { countOf, emptyMask, intersect, rangeMask, simplify, type Selection } from './evaluate/mask.ts';
import type { PlanNode } from './evaluate/node.ts';
import { firstRowFrom } from './order.ts';

/** Everything that answering one request needs. */
export interface SearchContext {
  readonly snapshot: Snapshot;
  readonly scope: SearchScope;
  readonly plan: PlanNode;
  readonly budget: Budget;
  /** The node whose ids the events have. */
  readonly node: number;
  readonly shapes: ShapeCache;
}

/** The rows of the tenant that are in the range and not past retention. */
export function scopeRows(scope: SearchScope, block: Block): Selection {
  const { receivedFrom } = scope.tenant;
  if (block.minTime >= scope.to || block.maxTime < scope.from || block.maxReceived < receivedFrom) return false;
  const whole = block.minTime >= scope.from && block.maxTime < scope.to;
  const times = whole ? undefined : block.time();
  const inTime = times === undefined || rangeMask(block.rows, firstRowFrom(times, scope.from), firstRowFrom(times, scope.to));
  if (block.minReceived >= receivedFrom) return inTime;
  const received = block.received();
  const kept = emptyMask(block.rows);
  for (let row = 0; row < kept.length; row++) if (received[row]! >= receivedFrom) kept[row] = 1;
  return simplify(intersect(kept, inTime));
}

/** The rows of a block that the search selects; the caller may write into the mask. */
export function selectRows(context: SearchContext, block: Block): Selection {
  const { scope, plan, budget } = context;
  const known = plan.peek(block);
  const within = known === false ? false : scopeRows(scope, block);
  if (within === false || known === true) {
    budget.blocksDone++;
    return within;
  }
  const scan = { block, tenantId: scope.tenant.id, node: context.node, bytes: 0, interrupt: () => budget.interrupt() };
  const found = evaluated(() => plan.rows(scan, within));
  if (found === undefined) {
    // The deadline passed within the block: nothing is known of it, and the search has to end.
    budget.check();
    return false;
  }
  budget.blocksDone++;
  budget.scannedEvents += countOf(within, block.rows);
  budget.scannedBytes += scan.bytes;
  return simplify(intersect(found, within));
}

function evaluated(evaluate: () => Selection): Selection | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    throw error;
  }
}

/** The blocks that may hold events of the scope, newest first. */
export function scopeBlocks(context: SearchContext): Block[] {
  const { snapshot, scope, budget } = context;
  const blocks = snapshot.blocks(scope.tenant.number, scope.from, scope.to);
  budget.blocks += blocks.length;
  for (const name of snapshot.unreadable ?? []) budget.lacks(`segment ${name} cannot be read`);
  return blocks;
}

/** What `read` gives, or the fallback when the block is damaged: the answer then says that something is missing. */
export function reading<Result>(context: SearchContext, block: Block, fallback: Result, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    const range = `${formatTime(block.minTime)} to ${formatTime(block.maxTime)}`;
    context.budget.lacks(`a damaged block with ${block.rows} events from ${range} is left out`);
    return fallback;
  }
}

/** Visits the selected rows of every block with some, until the budget is spent. */
export async function eachBlock(context: SearchContext, visit: (block: Block, rows: Selection) => void): Promise<void> {
  for (const block of scopeBlocks(context)) {
    if (!(await context.budget.step())) return;
    reading(context, block, undefined, () => {
      const rows = selectRows(context, block);
      if (rows !== false) visit(block, rows);
    });
  }
}
