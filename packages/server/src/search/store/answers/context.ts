import { canonicalName, type Query } from '@meniscus/query';
import { MeniscusError } from '../../../errors.ts';
import { LEAF } from '../../../event/leaf.ts';
import { limits } from '../../../limits.ts';
import type { Block } from '../../../store/block.ts';
import type { SearchRequest, SearchScope } from '../../search.ts';
import { compilePlan } from '../evaluate/compile.ts';
import { stringAt } from '../evaluate/column-test.ts';
import { AndNode } from '../evaluate/logic.ts';
import { emptyMask, type Selection } from '../evaluate/mask.ts';
import { COST, type BlockScan, type PlanNode } from '../evaluate/node.ts';
import { FieldSource } from '../fields/field-source.ts';
import { entriesOf } from '../fields/value-counts.ts';
import type { SearchContext } from '../scope.ts';
import { findEvent, firstHits, list, writeHits, type Hit } from './events.ts';

/** Selects rows that have the same values of a field as a given row, absent included. */
class SameValueNode implements PlanNode {
  readonly cost = COST.computed;
  readonly wanted: string;
  private readonly source: FieldSource;

  constructor(source: FieldSource, { block, row }: Hit) {
    this.source = source;
    this.wanted = this.values(block)(row);
  }

  /** A condition that the index can answer for a whole block, and that all rows with the same value fulfil. */
  get necessary(): Query {
    const { name, computed } = this.source;
    const isOne = this.wanted !== '' && this.wanted !== '-' && !this.wanted.startsWith('[');
    return isOne && !computed ? { kind: 'field', name: canonicalName(name), test: { kind: 'exact', text: this.wanted } } : { kind: 'all' };
  }

  peek(): undefined {
    return undefined;
  }

  rows({ block }: BlockScan, candidates: Selection): Selection {
    const values = this.values(block);
    const mask = emptyMask(block.rows);
    for (let row = 0; row < mask.length; row++)
      if ((candidates === true || (candidates !== false && candidates[row] === 1)) && values(row) === this.wanted) mask[row] = 1;
    return mask;
  }

  /** All values of a row as one text. */
  private values(block: Block): (row: number) => string {
    const columns = this.source.columns(block);
    return (row) => {
      const values: string[] = [];
      for (const column of columns) {
        const [from, to] = entriesOf(column, row);
        for (let entry = from; entry < to; entry++) {
          const tag = column.tags === null ? column.tag : column.tags[entry]!;
          if (tag === LEAF.null) continue;
          values.push(
            tag >= LEAF.string ? stringAt(column, entry) : tag === LEAF.number ? String(column.numbers![entry]) : String(tag === LEAF.true),
          );
        }
      }
      return values.length === 1 ? values[0]! : JSON.stringify(values);
    };
  }
}

/** What neighbours of an event's origin must be like, besides what the search asks for: for blocks, and as conditions that an index can answer. */
export function sameOrigin(
  context: SearchContext,
  by: readonly string[],
  hit: Hit,
): { readonly plan: PlanNode; readonly necessary: readonly Query[] } {
  const { node, shapes, scope } = context;
  const same = by.map((name) => new SameValueNode(new FieldSource(name, { tenantId: scope.tenant.id, node, shapes }), hit));
  const necessary = same.map((part) => part.necessary);
  const indexed = necessary.map((query) => compilePlan(query, { tenantId: scope.tenant.id, shapes }));
  return { plan: new AndNode([context.plan, ...same, ...indexed]), necessary };
}

/** The ranges of what is older and newer than an event. A range from 1970 is all of time. */
export function rangesAround<Scope extends SearchScope>(scope: Scope, time: number): { readonly older: Scope; readonly newer: Scope } {
  return {
    older: { ...scope, from: scope.from <= 0 ? -Infinity : scope.from, to: Math.min(scope.to, time + 1) },
    newer: { ...scope, from: Math.max(scope.from, time) },
  };
}

/**
 * `context`: the events around one, of the same origin (equal values of the `by` fields), each list oldest first. Query and range limit the
 * neighbours, not the event itself; a range from 1970 is all of time.
 */
export async function answerContext(context: SearchContext, request: Extract<SearchRequest, { kind: 'context' }>): Promise<string> {
  const hit = findEvent(context, request.id);
  const { plan } = sameOrigin(context, request.by, hit);
  const ranges = rangesAround(context.scope, hit.key.time);
  const older = { ...context, plan, scope: ranges.older };
  const before = request.before === 0 ? [] : await firstHits(older, 'desc', Math.min(request.before, limits.facetValues), hit.key);
  const newer = { ...context, plan, scope: ranges.newer };
  const after = request.after === 0 ? [] : await firstHits(newer, 'asc', Math.min(request.after, limits.facetValues), hit.key);
  const hits = [...before.reverse(), hit, ...after];
  const texts = await writeHits(context, hits);
  if (texts.length < hits.length) context.budget.stop('the events do not fit into one answer');
  const at = before.length;
  const [event] = at < texts.length ? texts.slice(at) : await writeHits(context, [hit]);
  if (event === undefined) throw new MeniscusError('unavailable', 'the block that holds the event is damaged');
  return `{"before":[${list(texts.slice(0, at))}],"event":${event},"after":[${list(texts.slice(at + 1))}],${context.budget.tail()}}`;
}
