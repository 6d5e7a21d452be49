import {
  compileTest,
  resolveField,
  visitQuery,
  type EventField,
  type FieldQuery,
  type Query,
  type Test,
  type TimeTest,
  type ValueMatcher,
  type ValueMode,
} from '@meniscus/query';
import type { ShapeCache } from '../../../event/shape.ts';
import { fieldColumns, objectColumns, searchedColumns } from './choose-columns.ts';
import { ColumnsNode, oneColumn } from './columns-node.ts';
import { idNode, priNode, producerNode, tenantNode, timeNode } from './event-fields.ts';
import { AndNode, constantNode, NotNode, OrNode } from './logic.ts';
import { COST, type PlanNode } from './node.ts';

/** What compiling a query needs besides: the tenant whose blocks it is for, and the thread's shapes. */
export interface PlanContext {
  readonly tenantId: string;
  readonly shapes: ShapeCache;
}

/** Compiles a query for the blocks of one tenant. */
export function compilePlan(query: Query, context: PlanContext): PlanNode {
  return visitQuery<PlanNode>(query, {
    all: () => constantNode(true),
    and: ({ items }) => new AndNode(items.map((item) => compilePlan(item, context))),
    or: ({ items }) => new OrNode(items.map((item) => compilePlan(item, context))),
    not: ({ item }) => new NotNode(compilePlan(item, context)),
    any: ({ test }) => new ColumnsNode(searchedColumns(context.shapes), matcherOf(test), COST.any),
    field: (field) => compileField(field, context),
  });
}

/** An address in a network need not hold the network's text: a scan for the text would miss it. */
function matcherOf(test: Test, mode: ValueMode = 'value'): ValueMatcher {
  const { scan, ...matcher } = compileTest(test, mode);
  return scan === undefined || test.kind === 'network' ? matcher : { ...matcher, scan };
}

function compileField({ name, test }: FieldQuery, context: PlanContext): PlanNode {
  const field = resolveField(name);
  if (field.kind === 'event') return compileEventField(field, test, context);
  return new ColumnsNode(fieldColumns(context.shapes, field, test.kind === 'exists'), matcherOf(test), costOf(test));
}

function compileEventField(field: EventField, test: Test, context: PlanContext): PlanNode {
  if (field.type === 'object') return compileObject(field.name as 'native' | 'normalized', test, context);
  if (field.type === 'time') return compileTime(field.name as 'time' | 'received', test);
  const matcher = matcherOf(test, field.type === 'header' ? 'header' : 'value');
  switch (field.name) {
    case 'id':
      return idNode(matcher, wholeText(test));
    case 'tenant':
      return tenantNode(matcher, context.tenantId);
    case 'producer':
      return producerNode(matcher);
    case 'pri':
      return priNode(matcher);
    case 'msg':
      return oneColumn('msg', matcher, COST.text);
    default:
      return oneColumn(field.name, matcher, field.type === 'number' ? COST.number : COST.header);
  }
}

/** An object has no text: only `native:*` can hold. */
function compileObject(name: 'native' | 'normalized', test: Test, context: PlanContext): PlanNode {
  return test.kind === 'exists' ? new ColumnsNode(objectColumns(context.shapes, name), matcherOf(test), COST.any) : constantNode(false);
}

function compileTime(name: 'time' | 'received', test: Test): PlanNode {
  if (test.kind === 'exists') return constantNode(true);
  const { from, to } = test as TimeTest;
  return timeNode(name, from ?? -Infinity, to ?? Infinity);
}

/** The one text that can pass, if the test says so: an id is typed as its words, or after `:=`. */
function wholeText(test: Test): string | undefined {
  if (test.kind === 'exact') return test.text;
  return test.kind === 'phrase' ? test.words.join('-') : undefined;
}

function costOf(test: Test): number {
  return test.kind === 'range' ? COST.dictionary : COST.leaf;
}
