import { resolveField } from '@meniscus/query';
import { TEXT_FIELDS } from '../../../sinks/elasticsearch/fields/fields.ts';
import { anyTerm, type Clause, not, without, term } from '../dsl/clause.ts';
import { indexNames } from '../dsl/path-field.ts';

/** How a field's values are counted by the server. */
export type FieldPlan =
  /** A field of the document with one value; `present`: documents that have it. */
  | {
      readonly kind: 'column';
      readonly path: string;
      readonly type: 'text' | 'number' | 'level';
      readonly present: Clause;
      readonly nil: readonly string[];
    }
  /** Leaves of native and normalized by these names. */
  | { readonly kind: 'leaves'; readonly names: readonly string[] }
  /** No event has it. */
  | { readonly kind: 'nothing' };

const NUMBERS: ReadonlySet<string> = new Set(['severity', 'facility', 'pri']);

/** Undefined: the server has no column of it. */
export function planField(name: string): FieldPlan | undefined {
  const field = resolveField(name);
  if (field.kind === 'path') return { kind: 'leaves', names: indexNames(field) };
  if (field.type === 'object') return { kind: 'nothing' };
  const type = name === 'level' ? 'level' : 'number';
  if (NUMBERS.has(field.name)) return { kind: 'column', path: field.name, type, present: { exists: { field: field.name } }, nil: [] };
  const path = field.name === 'id' ? 'meniscus.id' : field.name === 'tenant' ? 'meniscus.tenant' : TEXT_FIELDS[field.name];
  if (path === undefined) return undefined;
  const nil = field.type === 'header' ? ['-', ''] : [''];
  const present = field.type === 'header' ? not(anyTerm(path, nil)) : without({ exists: { field: path } }, term(path, ''));
  return { kind: 'column', path, type: 'text', present, nil };
}
